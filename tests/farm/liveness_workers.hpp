#pragma once

#include "farm/liveness_link.hpp"
#include "farm/liveness_monitor.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace attnpaths {

/// Exit code of a worker that could not connect.
constexpr int could_not_connect = 99;

/// A process that connects as a worker, lives its life and ends by _exit(0), which says no goodbye.
inline pid_t start_worker(const LivenessMonitor& watch, int rank,
                          const std::function<void(LivenessLink&)>& life) {
    const pid_t child = fork();
    if (child != 0) return child;
    auto* line = new LivenessLink(watch.invitation(), rank);
    if (!line->is_connected()) _exit(could_not_connect);
    life(*line);
    _exit(0);
}

/// Looks until there are losses, or for the given time.
inline std::vector<Loss> look_for(LivenessMonitor& watch,
                                  std::chrono::milliseconds time = std::chrono::milliseconds(5000)) {
    const auto end = std::chrono::steady_clock::now() + time;
    while (std::chrono::steady_clock::now() < end) {
        std::vector<Loss> losses = watch.look();
        if (!losses.empty()) return losses;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return {};
}

/// Status of a child once it has ended.
inline int end_of(pid_t child) {
    int status = 0;
    waitpid(child, &status, 0);
    return status;
}

inline std::vector<int> ranks_of(const std::vector<Loss>& losses) {
    std::vector<int> ranks;
    for (const Loss& loss : losses) ranks.push_back(loss.rank);
    return ranks;
}

/// Looks all the time, in a thread of its own, so that links of this process can connect.
class LookingThread {
  public:
    explicit LookingThread(LivenessMonitor& watch)
        : thread_([this, &watch] {
              while (!ends_) {
                  losses_ += watch.look().size();
                  std::this_thread::sleep_for(std::chrono::milliseconds(1));
              }
          }) {}
    ~LookingThread() {
        ends_ = true;
        thread_.join();
    }

    [[nodiscard]] std::size_t losses() const { return losses_; }

  private:
    std::atomic<bool> ends_ = false;
    std::atomic<std::size_t> losses_ = 0;
    std::thread thread_;
};

}  // namespace attnpaths
