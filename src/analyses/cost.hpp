#pragma once

#include "sweep/configuration.hpp"

namespace attnpaths {

/// What a point costs by a count of its operations, on a core of the rates assumed here. It knows nothing of
/// how hard a point is (iterations, trajectory lengths): CostModel learns that from points that are done.
/// @param point  its architecture and P
/// @param input_width  N0
/// @returns seconds, positive
NominalCost nominal_cost(const PointConfiguration& configuration, const GridPoint& point, Index input_width);

}  // namespace attnpaths
