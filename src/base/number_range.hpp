#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace attnpaths {

/// What the elements of a list are.
enum class Numbers { real, whole };

/// Whether a word of a list has the form of a range: it has two dots in a row, which no number has.
bool is_range(std::string_view word);

/// The values of a range, as words that read back as these values. Forms of ranges:
/// - FIRST..LAST..STEP: FIRST, FIRST + STEP, ... up to LAST; computed in decimals, so that 0.1..0.5..0.1 has
/// 0.3
/// - FIRST..LAST: the same with step 1, between whole numbers
/// - FIRST..LAST..logN: N values with equal ratios, both ends among them, rounded to 12 significant digits
/// (the
///   same on every machine), or to whole numbers, each once
/// @throws ValueSyntaxError if it is none of these, never arrives, or has more than most_list_values
std::vector<std::string> expand_range(std::string_view word, Numbers kind);

/// How numbers that others write otherwise are written here, for a message: "1,5" (1.5, or two numbers) and
/// ranges such as "0.01:1:log5"; "" where there is no such advice.
std::string number_as_written_here(const std::string& word, Numbers kind);

}  // namespace attnpaths
