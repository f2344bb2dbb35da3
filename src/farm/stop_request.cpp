#include "farm/stop_request.hpp"

#include "farm/duration.hpp"

#include <atomic>
#include <cmath>
#include <csignal>
#include <limits>

namespace attnpaths {

namespace {

// A signal may come to any thread (MPI has its own): what its handler writes must be atomic, and a handler
// may use an atomic only if it takes no lock.
using Clock = std::chrono::steady_clock;
std::atomic<Clock::rep> asked_to_drain_at = 0;  // ticks of the clock; 0: not asked
std::atomic<bool> asked_to_stop = false;
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<Clock::rep>::is_always_lock_free);

constexpr std::chrono::milliseconds stop_time{250};  // of StopGrace

void on_signal(int signal) {
    if (signal == SIGUSR1) {
        // The clock is clock_gettime(), which a handler may call. Only the first signal counts.
        Clock::rep never = 0;
        asked_to_drain_at.compare_exchange_strong(never, Clock::now().time_since_epoch().count());
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
    const Clock::rep since = asked_to_drain_at;
    if (since == 0) return StopRequest::none;
    const bool is_over = Clock::now() - Clock::time_point(Clock::duration(since)) >= drain_time;
    return is_over ? StopRequest::now : StopRequest::drain;
}

const char* stop_signal() {
    if (asked_to_stop) return "SIGTERM or SIGINT";
    return asked_to_drain_at != 0 ? "SIGUSR1" : "";
}

bool StopGrace::has_passed(bool is_asked_to_stop) {
    if (!is_asked_to_stop) asked_since_.reset();
    if (is_asked_to_stop && !asked_since_) asked_since_ = Clock::now();
    return asked_since_ && Clock::now() - *asked_since_ >= stop_time;
}

Deadline::Deadline(double seconds, std::string reason) : reason_(std::move(reason)) {
    if (seconds <= longest_duration)  // more would not fit into the clock's count
        end_ = Clock::now() +
               std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
}

double Deadline::left() const {
    if (!end_) return std::numeric_limits<double>::infinity();
    return std::chrono::duration<double>(*end_ - Clock::now()).count();
}

}  // namespace attnpaths
