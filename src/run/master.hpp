#pragma once

#include "farm/liveness_monitor.hpp"
#include "farm/mpi.hpp"
#include "farm/progress.hpp"
#include "farm/stop_request.hpp"
#include "run/cost_model.hpp"
#include "run/run_summary.hpp"
#include "store/store.hpp"
#include "submit/submission_feed.hpp"

#include <vector>

namespace attnpaths {

/// Rank 0 of several: hands points to workers and commits their results to the store until none is left or
/// the run is asked to stop. Tells the workers to stop in any case. Where workers would be idle, points are
/// spread: their chains become tasks of their own. Points that are not expected to end before the deadline
/// are not begun.
/// @param points       still to be computed
/// @param feed       brings more while the run goes on, and keeps it going where it waits for them
/// @param liveness_monitor  to which the workers were invited
/// @param point_limit  seconds that a worker may be at one task without a result or checkpoint
/// @throws Error on trouble with the store, or when a worker died or hangs
RunSummary run_master(const mpi::Communicator& world, Store& store, const std::vector<GridPoint>& points,
                      CostModel& costs, SubmissionFeed& feed, const Deadline& deadline, Progress& progress,
                      LivenessMonitor& liveness_monitor, double point_limit);

}  // namespace attnpaths
