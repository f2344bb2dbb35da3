#pragma once

#include <string>

namespace attnpaths {

/// Seconds since 1970.
double now_seconds();

/// A time as ISO 8601 in UTC, "2026-03-01T12:00:00Z".
std::string utc_text(double seconds);

/// Inverse of utc_text; NaN if the text is no such time.
double utc_seconds(const std::string& text);

}  // namespace attnpaths
