#include "run/worker_state.hpp"

namespace attnpaths {

RunTimes run_times(const std::vector<WorkerState>& workers, WorkerState::Clock::time_point start) {
    const auto now = WorkerState::Clock::now();
    RunTimes times{static_cast<int>(workers.size()) - 1, std::chrono::duration<double>(now - start).count()};
    for (auto worker = workers.begin() + 1; worker != workers.end(); ++worker) {
        times.busy_seconds += worker->clock.busy_seconds();
        times.idle_at_end += worker->clock.idle_seconds(now);
    }
    return times;
}

}  // namespace attnpaths
