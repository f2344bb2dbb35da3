#pragma once

#include "farm/signal_stack.hpp"

namespace attnpaths {

/// While this lives, a process that is killed by SIGSEGV, SIGBUS, SIGFPE, SIGILL or SIGABRT sends
/// liveness::killed_by(signal) through a socket before it dies; a stack overflow does so too, in this thread
/// and in others that have a SignalStack. What the signal did before (a stack trace of Open MPI, say) it does
/// afterwards. There is at most one at a time.
class FatalSignalReport {
  public:
    /// @param socket  connected; stays the caller's
    explicit FatalSignalReport(int socket);
    ~FatalSignalReport();
    FatalSignalReport(const FatalSignalReport&) = delete;
    FatalSignalReport& operator=(const FatalSignalReport&) = delete;

  private:
    SignalStack stack_;
};

}  // namespace attnpaths
