#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>

namespace attnpaths {

/// What signals ask of this process. SIGTERM and SIGINT: stop now; SIGUSR1: drain, that is finish what takes
/// no longer than `drain_time`, save the rest, then stop.
enum class StopRequest { none, drain, now };

/// A drain that goes on for so long becomes a stop.
inline constexpr std::chrono::milliseconds drain_time{200};

/// Routes SIGTERM, SIGINT and SIGUSR1 to stop_request(). A second SIGINT ends the process at once.
void watch_signals();

/// The strongest request so far.
StopRequest stop_request();

/// The signal that asked to stop, for messages: "SIGTERM or SIGINT" or "SIGUSR1"; "" for none.
const char* stop_signal();

/// How long work that was asked to stop at once has to do so before it is left behind: between two polls of
/// most work, and short enough for a run to end within a second of the signal.
class StopGrace {
  public:
    /// To be called again and again. @returns whether it was called with true for the whole of the grace
    bool has_passed(bool is_asked_to_stop);

  private:
    std::optional<std::chrono::steady_clock::time_point> asked_since_;
};

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
