#include "point/rehearsal.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <sys/mman.h>
#include <thread>
#include <unistd.h>

namespace attnpaths {

namespace {

bool is_among(double width, const std::vector<double>& widths) {
    return std::find(widths.begin(), widths.end(), width) != widths.end();
}

/// Ends the process as a wild pointer would.
[[noreturn]] void crash() {
    void* const forbidden = mmap(nullptr, 1, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (forbidden != MAP_FAILED) *static_cast<volatile char*>(forbidden) = 1;
    std::abort();
}

[[noreturn]] void hang() {
    while (true) pause();  // signals that are caught end a pause
}

}  // namespace

Record rehearse(const Rehearsal& task, const GridPoint& point, const std::function<void()>& poll) {
    using Clock = std::chrono::steady_clock;
    constexpr std::chrono::milliseconds poll_interval{10};
    const auto end = Clock::now() +
                     std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(task.seconds));
    const double width = point.architecture.largest_width();
    if (is_among(width, task.crash_widths)) crash();
    if (is_among(width, task.hang_widths)) hang();
    poll();
    for (auto now = Clock::now(); now < end; now = Clock::now()) {
        std::this_thread::sleep_until(std::min(end, now + poll_interval));
        poll();
    }
    return describe_point(point);
}

}  // namespace attnpaths
