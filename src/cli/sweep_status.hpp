#pragma once

#include "cli/chain_status.hpp"
#include "cli/cost_status.hpp"
#include "cli/queue_status.hpp"
#include "store/store_view.hpp"

#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace attnpaths::cli {

inline constexpr double seconds_per_hour = 3600;

/// Points with an answer of an analysis.
struct AnalysisCounts {
    std::string name;
    std::int64_t done = 0;
    std::int64_t failed = 0;
    std::int64_t left_out = 0;
};

/// What `status` tells of a store.
struct SweepStatus {
    std::int64_t planned = 0;  ///< points
    std::int64_t done = 0;
    std::int64_t failed = 0;
    std::int64_t left = 0;
    std::vector<AnalysisCounts> analyses;
    std::size_t in_work = 0;  ///< points that workers have now
    std::string running;      ///< "yes", "no", "unknown"
    std::string owner;        ///< of the lock, "" if there is none
    double rate = NAN;        ///< points per hour in the latest run
    CostStatus costs;
    std::vector<ChainStatus> chains;
    std::vector<std::pair<double, std::string>> slowest;        ///< seconds and text of finished points
    std::vector<std::pair<std::string, std::size_t>> messages;  ///< of failed points, the most frequent first
    QueueStatus queue;
    std::vector<std::string> warnings;
};

/// Of a store that a sweep may be writing. @throws DataError if a checkpoint is damaged
SweepStatus sweep_status(const StoreView& store);

}  // namespace attnpaths::cli
