#pragma once

#include "store/store.hpp"

#include <string>

namespace attnpaths {

/// How a run ended.
struct RunSummary {
    bool stopped = false;              ///< by a signal or the time limit, with points left
    std::string stop_reason;           ///< "SIGTERM or SIGINT", "SIGUSR1", "the time limit", ...
    bool left_workers_behind = false;  ///< some did not answer the stop: the launch must be aborted
    RunTimes times;
};

}  // namespace attnpaths
