#pragma once

#include <cstdint>
#include <string>

namespace attnpaths {

/// All bytes of a small file.
/// @param most  bytes that such a file may have
/// @throws InputError if the file is missing, unreadable or no regular file, DataError if it is larger,
/// OutputError if
///         the storage fails
std::string read_file_content(const std::string& path, std::uint64_t most);

}  // namespace attnpaths
