#pragma once

#include <span>

namespace attnpaths {

/// The highest point of a function that is known at some places.
struct InterpolatedMaximum {
    double position;
    double value;
    /// What other places would change about the position: twice its distance from the maximum of the
    /// polynomial through two places fewer; half the gap to a neighbour where there are not enough to tell.
    double position_error;
    /// Whether the largest value is the first or the last: the maximum lies there or beyond.
    bool is_at_edge;
};

/// By the polynomial through the largest value and its neighbours, four or five where they are to be had.
/// @param x  ascending, all different, finite
/// @param y  finite, as many as x, at least one
InterpolatedMaximum interpolated_maximum(std::span<const double> x, std::span<const double> y);

}  // namespace attnpaths
