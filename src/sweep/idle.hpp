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
        std::this_thread::sleep_for(time_);
        time_ = std::min(time_ * 5 / 4, longest);
    }
    void reset() { time_ = shortest; }

  private:
    using Time = std::chrono::microseconds;
    static constexpr Time shortest{50};
    static constexpr Time longest{2000};
    Time time_ = shortest;
};

}  // namespace attnpaths
