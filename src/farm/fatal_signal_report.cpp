#include "farm/fatal_signal_report.hpp"

#include "farm/liveness_protocol.hpp"

#include <array>
#include <atomic>
#include <poll.h>
#include <sys/socket.h>

namespace attnpaths {

namespace {

constexpr std::array fatal_signals = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

std::atomic<int> report_socket = -1;
static_assert(std::atomic<int>::is_always_lock_free, "a signal handler reads it");
std::array<struct sigaction, fatal_signals.size()> previous_actions;

/// Time that the master has to write down what it was told. MPICH's launcher kills it as soon as a rank dies.
constexpr int milliseconds_of_master = 1000;

/// Calls nothing but what POSIX lets a signal handler call.
void on_fatal_signal(int signal) {
    const liveness::Word word = liveness::killed_by(signal);
    if (send(report_socket, &word, sizeof word, MSG_NOSIGNAL | MSG_DONTWAIT) == sizeof word)
        static_cast<void>(poll(nullptr, 0, milliseconds_of_master));
    for (std::size_t i = 0; i < fatal_signals.size(); ++i)
        if (fatal_signals[i] == signal) sigaction(signal, &previous_actions[i], nullptr);
    // Waits until this handler returns, as the signal is blocked in it.
    static_cast<void>(raise(signal));
}

}  // namespace

FatalSignalReport::FatalSignalReport(int socket) {
    report_socket = socket;
    struct sigaction action {};
    action.sa_handler = on_fatal_signal;
    action.sa_flags = SA_ONSTACK;
    sigemptyset(&action.sa_mask);
    for (std::size_t i = 0; i < fatal_signals.size(); ++i)
        sigaction(fatal_signals[i], &action, &previous_actions[i]);
}

FatalSignalReport::~FatalSignalReport() {
    for (std::size_t i = 0; i < fatal_signals.size(); ++i)
        sigaction(fatal_signals[i], &previous_actions[i], nullptr);
    report_socket = -1;
}

}  // namespace attnpaths
