#include "farm/signal_stack.hpp"

#include <algorithm>
#include <unistd.h>

namespace attnpaths {

SignalStack::SignalStack() {
    // The frame of the handler holds all vector registers, of which new processors have many kilobytes.
    memory_.resize(std::max(65536L, 4 * sysconf(_SC_MINSIGSTKSZ)));
    stack_t stack{};
    stack.ss_sp = memory_.data();
    stack.ss_size = memory_.size();
    sigaltstack(&stack, &previous_);
}

SignalStack::~SignalStack() {
    sigaltstack(&previous_, nullptr);
}

}  // namespace attnpaths
