#pragma once

#include "store/store.hpp"
#include "sweep/grid_point.hpp"

#include <vector>

namespace attnpaths {

/// Points that still have to be computed, by what the store knows. A point with three strikes is entered
/// as failed and left alone.
/// @param retry_failed  failed points are missing too
std::vector<GridPoint> missing_points(Store& store, const std::vector<GridPoint>& points, bool retry_failed);

}  // namespace attnpaths
