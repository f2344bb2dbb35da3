#pragma once

#include "theory/objective.hpp"

namespace attnpaths {

/// Unknowns are logarithms and correlations of order one: a longer step leaves the region where the expansion
/// holds.
inline constexpr double longest_step = 3;

/// What became of a step: it helped, or it is too long, or rounding is all that is left to gain.
enum class Trial { taken, refused, rounding };

/// Tries a step of Newton's method; moves `iterate` there if it helps.
Trial try_step(const Objective& objective, Iterate& iterate, const Vector& step);

}  // namespace attnpaths
