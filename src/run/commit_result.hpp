#pragma once

#include "farm/progress.hpp"
#include "run/cost_model.hpp"
#include "run/protocol.hpp"
#include "store/store.hpp"

namespace attnpaths {

/// Enters the result of a whole point, done or failed, into the store (not yet synced), progress and cost
/// model. @returns false if the result is of neither kind
bool commit_result(Store& store, const PointResult& result, Progress& progress, CostModel& costs);

}  // namespace attnpaths
