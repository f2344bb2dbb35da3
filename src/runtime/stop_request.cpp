#include "runtime/stop_request.hpp"

#include "runtime/duration.hpp"

#include <atomic>
#include <cmath>
#include <csignal>
#include <limits>

namespace attnpaths {

namespace {

// A signal may come to any thread (MPI has its own): what its handler writes must be atomic, and a handler
// may use an atomic only if it takes no lock.
std::atomic<bool> asked_to_drain = false;
std::atomic<bool> asked_to_stop = false;
static_assert(std::atomic<bool>::is_always_lock_free);

void on_signal(int signal) {
    if (signal == SIGUSR1) {
        asked_to_drain = true;
        return;
    }
    asked_to_stop = true;
    if (signal == SIGINT) static_cast<void>(std::signal(SIGINT, SIG_DFL));
}

}  // namespace

void watch_signals() {
    struct sigaction action {};
    action.sa_handler = on_signal;
    sigemptyset(&action.sa_mask);
    action.sa_flags = SA_RESTART;
    for (const int signal : {SIGTERM, SIGINT, SIGUSR1}) sigaction(signal, &action, nullptr);
}

StopRequest stop_request() {
    if (asked_to_stop) return StopRequest::now;
    return asked_to_drain ? StopRequest::drain : StopRequest::none;
}

const char* to_text(StopRequest request) {
    switch (request) {
        case StopRequest::now:
            return "SIGTERM or SIGINT";
        case StopRequest::drain:
            return "SIGUSR1";
        case StopRequest::none:
            break;
    }
    return "";
}

Deadline::Deadline(double seconds, std::string reason) : reason_(std::move(reason)) {
    using Clock = std::chrono::steady_clock;
    if (seconds <= longest_duration)  // more would not fit into the clock's count
        end_ = Clock::now() +
               std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
}

double Deadline::left() const {
    if (!end_) return std::numeric_limits<double>::infinity();
    return std::chrono::duration<double>(*end_ - std::chrono::steady_clock::now()).count();
}

}  // namespace attnpaths
