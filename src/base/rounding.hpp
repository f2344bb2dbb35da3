#pragma once

#include <limits>

namespace attnpaths {

/// Largest relative error of one operation in double precision.
inline constexpr double unit_roundoff = std::numeric_limits<double>::epsilon() / 2;

/// Factor on bounds which take the errors of k operations to add up as sqrt(k), which they do on average.
inline constexpr double rounding_safety = 8;

}  // namespace attnpaths
