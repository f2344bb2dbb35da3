#pragma once

#include <string>

namespace attnpaths {

/// "8 s", "12 min", "3.4 h" for people.
std::string duration_text(double seconds);

/// Seconds of "90", "90s", "50m", "2h" or "1d"; negative if the text is none of these.
double parse_duration(const std::string& text);

}  // namespace attnpaths
