#pragma once

#include <optional>
#include <string>

namespace attnpaths {

/// The process that a lock file names, with what it takes to tell whether that process still runs.
struct LockOwner {
    std::string host;
    long pid = 0;
    std::string since;  ///< when the lock was taken, ISO 8601, UTC
    std::string
        ticks;         ///< start of the process since boot: another process with the same pid has another one
    std::string boot;  ///< identity of the machine's boot
    std::string pid_namespace;  ///< pids of another container mean nothing here
    std::string job;            ///< batch job, empty outside one
    std::string job_restart;    ///< how often that job was started anew

    bool operator==(const LockOwner&) const = default;
};

enum class Liveness {
    running,
    gone,
    unknown  ///< on another machine or in another container: cannot be seen from here
};

/// This process as the owner of a lock taken now.
LockOwner this_process();

/// Content of a lock file, and back; nothing if the text is no lock.
std::string lock_text(const LockOwner& owner);
std::optional<LockOwner> parse_lock(const std::string& text);

/// Whether the owner still runs. A batch job that was started anew has ended before, wherever it ran.
Liveness liveness(const LockOwner& owner);

}  // namespace attnpaths
