#pragma once

#include "farm/fatal_signal_report.hpp"
#include "files/descriptor.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace attnpaths {

/// A worker's end of a connection that tells the master at once when the worker dies, on any node, and at
/// which task: the system closes it with the process. The master's end is a LivenessMonitor. A worker that
/// cannot connect goes on without.
class LivenessLink {
  public:
    /// Connects, by the first address of the invitation that answers: at most 1 s for each address that does
    /// not.
    /// @param invitation  of the LivenessMonitor; "" for none
    LivenessLink(const std::string& invitation, int rank);
    /// Says goodbye: from here on the worker's end is no loss.
    ~LivenessLink();
    LivenessLink(const LivenessLink&) = delete;
    LivenessLink& operator=(const LivenessLink&) = delete;

    [[nodiscard]] bool is_connected() const { return socket_.is_open(); }
    /// Notes that the task with this serial number (zero or more) begins. Takes microseconds, never waits.
    void working_on(std::int64_t serial);
    /// Notes that no task is being worked on.
    void idle();
    /// Whether the master's end is gone, with its process. Takes a microsecond, never waits; false without a
    /// connection.
    [[nodiscard]] bool has_lost_master() const;

  private:
    void say(std::int64_t word);

    Descriptor socket_;
    std::optional<FatalSignalReport> fatal_signal_report_;
};

}  // namespace attnpaths
