#pragma once

#include <csignal>
#include <vector>

namespace attnpaths {

/// While this lives, handlers that ask for it (SA_ONSTACK) run on a stack of their own when a signal comes to
/// the thread that made this: a handler has no other place once the thread's stack has overflown.
class SignalStack {
  public:
    SignalStack();
    /// To be called by the same thread.
    ~SignalStack();
    SignalStack(const SignalStack&) = delete;
    SignalStack& operator=(const SignalStack&) = delete;

  private:
    std::vector<char> memory_;
    stack_t previous_{};
};

}  // namespace attnpaths
