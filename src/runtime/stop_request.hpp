#pragma once

#include <chrono>
#include <optional>

namespace attnpaths {

/// What signals ask of this process. SIGTERM and SIGINT: stop now; SIGUSR1: drain, that is finish what would be
/// lost, save the rest, then stop.
enum class StopRequest { none, drain, now };

/// Routes SIGTERM, SIGINT and SIGUSR1 to stop_request(). A second SIGINT ends the process at once.
void watch_signals();

/// The strongest request so far.
StopRequest stop_request();

/// "SIGTERM or SIGINT" or "SIGUSR1", for messages; "" for none.
const char* to_text(StopRequest request);

/// Wall clock of a run: when it must be over.
class Deadline {
  public:
    Deadline() = default;
    /// @param seconds  from now; infinite: no limit
    explicit Deadline(double seconds);

    /// Seconds left; infinite without a limit.
    [[nodiscard]] double left() const;
    [[nodiscard]] bool passed() const { return left() <= 0; }

  private:
    std::optional<std::chrono::steady_clock::time_point> end_;
};

}  // namespace attnpaths
