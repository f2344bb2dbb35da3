#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace attnpaths {

/// Shortest text that reads back as the same double ("0.1", "1e-06", "30").
std::string exact_text(double value);

/// @returns false unless the whole of `text` is one finite number.
bool parse_number(std::string_view text, double& value);
/// @returns false unless the whole of `text` is one integer in range.
bool parse_integer(std::string_view text, std::int64_t& value);

/// Pieces of `text` between any of the characters `separators`; empty pieces are dropped.
std::vector<std::string> split(std::string_view text, std::string_view separators = " \t,");

/// Pieces of `text` between single characters `separator`, empty ones too: one more than there are
/// separators.
std::vector<std::string> fields(std::string_view text, char separator);

/// The candidate nearest to `word` by edit distance, or "" if none is near; for "did you mean" hints.
std::string nearest_word(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace attnpaths
