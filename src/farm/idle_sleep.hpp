#pragma once

#include <algorithm>
#include <chrono>
#include <thread>

namespace attnpaths {

/// Sleep between probes for messages: short right after something happened, longer the longer nothing does.
/// MPI's own waiting would keep a core busy.
class IdleSleep {
  public:
    void sleep() {
        if (time_ == shortest) since_ = Clock::now();
        std::this_thread::sleep_for(time_);
        // Beyond that, no more than a small fraction of the time that was idle anyway: a sweep that waits for
        // submissions all night costs next to nothing.
        const auto idle = std::chrono::duration_cast<Time>(Clock::now() - since_);
        time_ = std::min(time_ * 5 / 4, std::clamp(idle / 500, long_enough, longest));
    }
    void reset() { time_ = shortest; }

  private:
    using Clock = std::chrono::steady_clock;
    using Time = std::chrono::microseconds;
    static constexpr Time shortest{50};
    static constexpr Time long_enough{2000};
    static constexpr Time longest{20000};
    Time time_ = shortest;
    Clock::time_point since_;  // set by the first sleep
};

}  // namespace attnpaths
