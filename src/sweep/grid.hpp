#pragma once

#include "sweep/configuration.hpp"

namespace attnpaths {

/// The points of the grid, sorted so that neighbours share data, heads, depth, P and T; equal points once.
/// Where grid.examples is left out, P is the largest that the data can serve.
/// @param dataset  of the task, or nullptr
/// @throws UsageError if the data cannot serve a grid value (too many examples, heads it does not have, ...)
std::vector<GridPoint> grid_points(const Configuration& configuration, const Dataset* dataset);

}  // namespace attnpaths
