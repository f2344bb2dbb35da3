#pragma once

#include <string>

namespace attnpaths {

/// "8 s", "12 min", "3.4 h" for people.
std::string duration_text(double seconds);

/// Whatever a clock counts fits into this many times: 100 years.
inline constexpr double longest_duration = 36525 * 86400.0;

/// Seconds of "90", "90s", "50m", "2h" or "1d"; negative if the text is none of these, or longer than the
/// longest duration.
double parse_duration(const std::string& text);

}  // namespace attnpaths
