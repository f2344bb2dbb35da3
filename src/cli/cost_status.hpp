#pragma once

#include "store/store_view.hpp"

#include <cmath>
#include <cstdint>

namespace attnpaths::cli {

/// What the points of a store cost: those that are done, those that are left, and how the latest run used its
/// workers. Seconds of one core; NaN where unknown.
struct CostStatus {
    double mean_seconds = NAN;        ///< per point that is done
    double remaining_seconds = NAN;   ///< of the points left, without what their checkpoints have
    double checkpointed_seconds = 0;  ///< of chains of unfinished points, not lost
    double run_workers = NAN;         ///< of the latest run, if it has ended in order
    double run_seconds = NAN;         ///< its wall time
    double run_busy_fraction = NAN;   ///< of its workers' time, 0 to 1
    double run_idle_at_end = NAN;     ///< of all workers, after their last points
};

/// @param left  points planned and not finished
/// @throws DataError if a checkpoint is damaged
CostStatus cost_status(const StoreView& store, std::int64_t left);

}  // namespace attnpaths::cli
