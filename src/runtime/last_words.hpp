#pragma once

#include <csignal>
#include <vector>

namespace attnpaths {

/// While this lives, a process that is killed by SIGSEGV, SIGBUS, SIGFPE, SIGILL or SIGABRT sends
/// lifeline::killed_by(signal) through a socket before it dies; a stack overflow does so too. What the signal
/// did before (a stack trace of Open MPI, say) it does afterwards. There is at most one at a time.
class LastWords {
  public:
    /// @param socket  connected; stays the caller's
    explicit LastWords(int socket);
    ~LastWords();
    LastWords(const LastWords&) = delete;
    LastWords& operator=(const LastWords&) = delete;

  private:
    std::vector<char> stack_;  // of the handler
    stack_t previous_stack_{};
};

}  // namespace attnpaths
