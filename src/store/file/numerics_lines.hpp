#pragma once

#include "base/text.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace attnpaths {

/// The numerics that results of a store were computed with: a fingerprint a line, each once, in the order of
/// their first results.
inline std::vector<std::string> numerics_in(const std::string& lines) {
    return split(lines, "\n");
}

/// @returns whether it was not there
inline bool add_numerics(std::string& lines, const std::string& fingerprint) {
    const std::vector<std::string> known = numerics_in(lines);
    if (std::find(known.begin(), known.end(), fingerprint) != known.end()) return false;
    lines += (lines.empty() ? "" : "\n") + fingerprint;
    return true;
}

}  // namespace attnpaths
