#pragma once

#include <chrono>

namespace attnpaths {

/// Says that it is time for a checkpoint whenever a period has passed since it last did.
class CheckpointClock {
  public:
    /// @param period  seconds
    explicit CheckpointClock(double period) : period_(period) {}
    bool is_due() {
        const auto now = std::chrono::steady_clock::now();
        if (now - last_ < period_) return false;
        last_ = now;
        return true;
    }

  private:
    std::chrono::duration<double> period_;
    std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

}  // namespace attnpaths
