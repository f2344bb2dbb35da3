#pragma once

#include "point/schema.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace attnpaths {

/// Of store files. Version 1 had one key per point, of all settings at once.
inline constexpr int store_format_version = schema_version;
/// Of journals, whose entries speak of the same keys.
inline constexpr int journal_format_version = 2;

/// Refuses what was written in a format that this program does not read, saying why and what to do.
/// @param what  it is: "store"
/// @throws DataError unless the versions are equal
void check_format_version(const std::string& path, std::string_view what, std::int64_t found, int readable);

}  // namespace attnpaths
