#pragma once

#include "store/store.hpp"
#include "sweep/cost_model.hpp"
#include "sweep/progress.hpp"
#include "sweep/protocol.hpp"

namespace attnpaths {

/// Enters the result of a whole point, done or failed, into the store (not yet synced), progress and cost
/// model. @returns false if the result is of neither kind
bool commit_result(Store& store, const PointResult& result, Progress& progress, CostModel& costs);

}  // namespace attnpaths
