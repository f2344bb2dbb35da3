#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace attnpaths {

/// Bytes from which on a batch is not worth waiting with.
inline constexpr std::size_t large_batch = std::size_t{1} << 20U;

/// Several messages as one, and back. @throws DataError if the bytes are no batch
std::string encode_batch(const std::vector<std::string>& messages);
std::vector<std::string> decode_batch(std::string_view bytes);

}  // namespace attnpaths
