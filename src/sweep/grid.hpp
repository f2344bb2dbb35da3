#pragma once

#include "sweep/configuration.hpp"

namespace attnpaths {

/// Points of a grid at most, of all parts together: a larger one is a mistake, and would fill the memory.
inline constexpr std::int64_t most_points = 10000000;

/// Paths of a point at most. With more the order parameter alone, a number per pair, has terabytes; below, no
/// product of sizes overflows.
inline constexpr Index most_paths = 1000000;

/// Number of points before equal ones are left out.
/// @throws UsageError if it is more than most_points, or as grid_points
std::int64_t grid_size(const Configuration& configuration);

/// The points of the grid, sorted so that neighbours share data, heads, depth, P and T; equal points once.
/// @throws UsageError if there are more than most_points, a network has more than most_paths, or the data
/// cannot serve a grid value (too many examples, heads it does not have, ...)
std::vector<GridPoint> grid_points(const Configuration& configuration);

}  // namespace attnpaths
