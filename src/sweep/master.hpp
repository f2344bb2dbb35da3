#pragma once

#include "runtime/mpi.hpp"
#include "runtime/stop_request.hpp"
#include "store/store.hpp"
#include "sweep/progress.hpp"
#include "sweep/sweep_parts.hpp"
#include "sweep/work_queue.hpp"

namespace attnpaths {

/// How a run ended.
struct RunSummary {
    bool stopped = false;     ///< by a signal or the time limit, with points left
    std::string stop_reason;  ///< "SIGTERM or SIGINT", "SIGUSR1", "time limit"
};

/// Rank 0 of several: hands points to workers and commits their results to the store until none is left or
/// the run is asked to stop. Tells the workers to stop in any case. Where workers would be idle, points are
/// spread: their chains become tasks of their own.
/// @param points         still to be computed
/// @param shares_points  whether points have chains to spread
/// @throws Error on trouble with the store or a worker that died
RunSummary run_master(const mpi::Communicator& world, Store& store, const std::vector<GridPoint>& points,
                      bool shares_points, const Deadline& deadline, Progress& progress);

/// The only rank: computes the points itself, one after the other, with the same care for store, signals and
/// time.
/// @param checkpoint_period  seconds
RunSummary run_alone(PartsSolver& solver, Store& store, const std::vector<GridPoint>& points,
                     double checkpoint_period, const Deadline& deadline, Progress& progress);

}  // namespace attnpaths
