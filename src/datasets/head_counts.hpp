#pragma once

#include "network/architecture.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace attnpaths {

/// Reads head counts "2:3:1" (layer 1 : layer 2 : ...) or "2".
/// @param where  named in the message, e.g. "--heads" or "markov.h5: attribute heads"
/// @throws UsageError if a piece is not an integer of at least 1
std::vector<Index> parse_head_counts(std::string_view text, const std::string& where);

/// Inverse of parse_head_counts: "2:3:1".
std::string head_counts_text(const std::vector<Index>& heads);

}  // namespace attnpaths
