#include "sweep/rehearsal.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <sys/mman.h>
#include <thread>
#include <unistd.h>

namespace attnpaths {

namespace {

constexpr double longest_point = 1e7;  // seconds
constexpr double largest_width = 1e15;

std::vector<double> widths_of(const Settings& settings, const std::string& key) {
    return settings.has(key) ? settings.numbers(key, 1, largest_width) : std::vector<double>{};
}

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

const std::vector<SettingKey>& rehearsal_keys() {
    static const std::vector<SettingKey> keys = {
        {"task.seconds", "0.001", "time that a point of the rehearsal takes"},
        {"task.crash_widths", "", "list: points of these widths end their process by a segmentation fault"},
        {"task.hang_widths", "", "list: points of these widths never end, whatever they are asked"},
    };
    return keys;
}

bool is_rehearsed_fault(const std::string& key) {
    return key == "task.crash_widths" || key == "task.hang_widths";
}

RehearsalTask rehearsal_of(const Settings& settings) {
    return {settings.number("task.seconds", 0, longest_point), widths_of(settings, "task.crash_widths"),
            widths_of(settings, "task.hang_widths")};
}

Record rehearse(const RehearsalTask& task, const GridPoint& point, const std::function<void()>& poll) {
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
    Record record = describe_point(point);
    record["point/task"] = std::string("rehearsal");
    return record;
}

}  // namespace attnpaths
