#pragma once

#include "point/grid_point.hpp"
#include "store/store.hpp"

#include <string>
#include <vector>

namespace attnpaths {

/// Points of whose plans the store lacks something, with what of their plans is missing; the store takes them
/// for unfinished from now on. A point that lost three attempts is entered as failed and left alone.
/// @param retry_failed  what failed is missing too
std::vector<GridPoint> missing_points(Store& store, const std::vector<GridPoint>& points, bool retry_failed);

/// What the store's rows of these points lack, "3 of them lack scores"; "" if none of them has a row.
/// @param missing  as missing_points() returned them, none of them computed yet
std::string lacks_text(const Store& store, const std::vector<GridPoint>& missing);

/// What rows lose when these points are computed, as it needs what is made again with other settings, and
/// what to do about it; "" if they lose nothing.
std::string losses_text(const Store& store, const std::vector<GridPoint>& missing);

/// Whether the store has answers, or failures, for all of a point's plan.
/// @param plan  null: the point has no analyses
bool is_answered(const Store& store, const std::string& key, const Plan* plan);

}  // namespace attnpaths
