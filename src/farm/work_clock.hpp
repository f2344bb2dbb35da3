#pragma once

#include <chrono>

namespace attnpaths {

/// Adds up the time in which a worker is at work.
class WorkClock {
  public:
    using Time = std::chrono::steady_clock::time_point;

    /// The worker has work from now on; no effect if it has.
    void start(Time now) {
        if (is_running_) return;
        is_running_ = true;
        since_ = now;
    }
    /// The worker has none from now on; no effect if it has none.
    void stop(Time now) {
        if (!is_running_) return;
        busy_ += now - since_;
        is_running_ = false;
        since_ = now;
    }
    /// Seconds of work so far; the clock must have been stopped.
    [[nodiscard]] double busy_seconds() const { return busy_.count(); }
    /// Seconds since the worker last had work, or since the clock was made.
    [[nodiscard]] double idle_seconds(Time now) const {
        return std::chrono::duration<double>(now - since_).count();
    }

  private:
    bool is_running_ = false;
    Time since_ = std::chrono::steady_clock::now();
    std::chrono::duration<double> busy_{0};
};

}  // namespace attnpaths
