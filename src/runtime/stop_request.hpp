#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>

namespace attnpaths {

/// What signals ask of this process. SIGTERM and SIGINT: stop now; SIGUSR1: drain, that is finish what would
/// be lost, save the rest, then stop.
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
    /// @param seconds  from now; infinite, or longer than longest_duration: no limit
    /// @param reason   what sets it, for messages
    explicit Deadline(double seconds, std::string reason = "the time limit");

    /// Seconds left; infinite without a limit.
    [[nodiscard]] double left() const;
    [[nodiscard]] bool passed() const { return left() <= 0; }
    [[nodiscard]] const std::string& reason() const noexcept { return reason_; }

  private:
    std::optional<std::chrono::steady_clock::time_point> end_;
    std::string reason_;
};

}  // namespace attnpaths
