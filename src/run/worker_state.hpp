#pragma once

#include "farm/stop_request.hpp"
#include "farm/work_clock.hpp"
#include "point/point_task.hpp"
#include "run/protocol.hpp"
#include "run/run_summary.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace attnpaths {

/// The master's view of one worker.
struct WorkerState {
    using Clock = std::chrono::steady_clock;

    std::optional<Introduction> introduction;  ///< once it has said so
    StopRequest stop = StopRequest::none;      ///< what it was told
    bool left = false;                         ///< has answered
    std::deque<PointTask> outstanding;         ///< the first, or one soon after it, is being computed
    std::int64_t finished = 0;          ///< tasks that came back: the serial number of the first outstanding
    bool asked_to_share = false;        ///< the first
    WorkClock clock;                    ///< how its time is used
    std::set<std::string> submissions;  ///< whose parts it knows
    Clock::time_point last_news;        ///< it got its first task, or sent a result or checkpoint
    std::optional<Clock::time_point> asked_to_give_up;  ///< since the last news

    [[nodiscard]] bool is_at_work() const { return introduction && !outstanding.empty(); }
    void has_news() {
        last_news = Clock::now();
        asked_to_give_up.reset();
    }
};

/// How the workers' time was used.
/// @param workers  by rank, the master's place included
/// @param start    of the run
RunTimes run_times(const std::vector<WorkerState>& workers, WorkerState::Clock::time_point start);

}  // namespace attnpaths
