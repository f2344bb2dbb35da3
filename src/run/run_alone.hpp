#pragma once

#include "farm/attended_work.hpp"
#include "farm/progress.hpp"
#include "farm/stop_request.hpp"
#include "run/cost_model.hpp"
#include "run/run_summary.hpp"
#include "store/store.hpp"
#include "submit/submission_feed.hpp"
#include "sweep/sweep_parts.hpp"

#include <memory>
#include <vector>

namespace attnpaths {

/// The only rank: computes the points itself, one after the other, with the same care for store, signals and
/// time as a master with workers; a point that hangs without polling it can only leave behind, at the end of
/// the run.
/// @param computation  does the points
/// @param feed  brings more points while the run goes on, and keeps it going where it waits for them
RunSummary run_alone(AttendedWork& computation, const std::shared_ptr<PartsSolver>& solver, Store& store,
                     const std::vector<GridPoint>& points, CostModel& costs, SubmissionFeed& feed,
                     const RunConfiguration& run, const Deadline& deadline, Progress& progress);

}  // namespace attnpaths
