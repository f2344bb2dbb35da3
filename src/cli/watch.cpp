#include "cli/watch.hpp"

#include "base/error.hpp"
#include "base/standard_streams.hpp"
#include "farm/stop_request.hpp"

#include <algorithm>
#include <chrono>
#include <thread>
#include <unistd.h>

namespace attnpaths::cli {

namespace {

using Clock = std::chrono::steady_clock;

/// A store that is being replaced on a network file system may be unreadable for a moment.
constexpr int most_failures = 3;

void sleep_until(Clock::time_point end) {
    constexpr std::chrono::milliseconds piece(50);
    while (stop_request() == StopRequest::none && Clock::now() < end)
        std::this_thread::sleep_for(std::min<Clock::duration>(piece, end - Clock::now()));
}

/// @returns false if nobody reads any more
bool show(const Glance& glance, const std::string& last_state) {
    constexpr const char* clear_screen = "\033[H\033[2J";
    if (::isatty(STDOUT_FILENO) != 0) return write_output(clear_screen + glance.screen);
    return glance.state == last_state || write_output(glance.log);
}

}  // namespace

void watch(const std::function<Glance()>& look, double seconds) {
    watch_signals();
    std::string last_state;
    int failures = 0;
    bool has_looked = false;
    while (stop_request() == StopRequest::none) {
        const Clock::time_point begin = Clock::now();
        Glance glance;
        try {
            glance = look();
            failures = 0;
            has_looked = true;
        } catch (const Error&) {
            if (!has_looked || ++failures == most_failures) throw;
        }
        if (failures == 0 && (!show(glance, last_state) || glance.is_over)) return;
        if (failures == 0) last_state = glance.state;
        constexpr int rest_per_look = 9;
        const Clock::time_point end = Clock::now();
        sleep_until(std::max(
            begin + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds)),
            end + (end - begin) * rest_per_look));
    }
}

}  // namespace attnpaths::cli
