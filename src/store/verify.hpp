#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace attnpaths {

/// What verify_store found.
struct Verification {
    std::size_t points = 0;             ///< points that were checked
    std::vector<std::string> problems;  ///< a line each, naming file, point and column
    std::vector<std::string> notes;     ///< what is no problem but worth knowing: a torn journal tail
};

/// Checks a store: checksum of the file, its version, unique keys, offsets and shapes of arrays, known
/// columns, the journal's entries, and for every point its checksum computed anew from its values.
/// @throws InputError if there is no such store; damage is not thrown but listed
Verification verify_store(const std::string& path);

}  // namespace attnpaths
