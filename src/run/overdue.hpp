#pragma once

#include "farm/progress.hpp"
#include "run/cost_model.hpp"
#include "run/point_pool.hpp"
#include "store/store.hpp"

#include <string>

namespace attnpaths {

/// Why a task was given up, for the store: "took longer than run.point_limit = 24 h".
std::string overdue_text(double point_limit);

/// Settles a task that was given up because it took too long: the attempt is lost and its point waits again,
/// or fails if it has too many. A chain goes back to its point.
/// @param is_stopping  then nothing is handed out any more
void settle_overdue(const PointTask& task, double point_limit, Store& store, PointPool& pool,
                    Progress& progress, CostModel& costs, bool is_stopping);

}  // namespace attnpaths
