#include "run/plan_text.hpp"

#include "analyses/registry.hpp"
#include "base/settings.hpp"
#include "base/standard_streams.hpp"
#include "base/value_syntax.hpp"
#include "farm/duration.hpp"
#include "point/point_memory.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <utility>

namespace attnpaths {

namespace {

/// What will not be computed for want of memory, and why.
void print_refusals(const Configuration& configuration, const std::vector<GridPoint>& points) {
    // Why the first of so many points is refused: all of it ("") or an analysis.
    std::map<std::string, std::pair<std::size_t, std::string>> refused;
    const auto note = [&](const std::string& what, const std::string& reason) {
        if (reason.empty()) return;
        auto& [count, first] = refused[what];
        if (++count == 1) first = reason;
    };
    for (const GridPoint& point : points) {
        if (point.part != configuration.part) continue;
        const std::string whole = memory_refusal(configuration, point);
        note("", whole);
        if (!whole.empty()) continue;
        for (const Analysis* analysis : configuration.analyses)
            note(analysis->name, memory_refusal(configuration, point, *analysis));
    }
    for (const auto& [what, entry] : refused) {
        const auto& [count, reason] = entry;
        const bool is_left_out = !what.empty() && !configuration.required.contains(find_analysis(what));
        print_output("  {} {}: {}\n", count_text(count),
                     what.empty()  ? "cannot be computed"
                     : is_left_out ? "will be without " + what
                                   : "cannot be computed with " + what,
                     reason);
    }
}

}  // namespace

std::string count_text(std::size_t points) {
    return fmt::format("{} point{}", points, points == 1 ? "" : "s");
}

void print_plan(const std::string& store, const std::vector<Configuration>& parts,
                const std::vector<GridPoint>& points) {
    print_output("{} for {}\n", count_text(points.size()), store);
    for (const Configuration& configuration : parts) {
        const Index N0 = configuration.task->input_width();
        std::map<std::string, std::pair<std::size_t, double>> by_storage;
        const GridPoint* first = nullptr;
        const GridPoint* last = nullptr;
        for (const GridPoint& point : points) {
            if (point.part != configuration.part) continue;
            const KernelStorage storage = kernel_storage(configuration, point, N0);
            auto& [count, bytes] = by_storage[to_text(storage)];
            ++count;
            bytes = std::max(bytes, point_bytes(configuration, point));
            if (first == nullptr) first = &point;
            last = &point;
        }
        if (!configuration.part.empty()) print_output("part {}\n", configuration.part);
        if (configuration.task->rehearsal() != nullptr) by_storage.clear();  // computes nothing
        for (const auto& [storage, entry] : by_storage)
            print_output("  {} evaluated from {}, with at most {} of memory each\n", entry.first, storage,
                         memory_text(entry.second));
        std::vector<std::string> names;
        for (const Analysis* analysis : configuration.analyses) names.push_back(analysis->name);
        print_output("  analyses: {}\n", fmt::join(names, ", "));
        if (configuration.task->rehearsal() == nullptr) print_refusals(configuration, points);
        if (first == nullptr) continue;
        print_output("  first: {}\n", point_text(*first));
        print_output("  last:  {}\n", point_text(*last));
    }
}

void print_sampling_time(const std::vector<GridPoint>& missing, const CostModel& costs, int workers) {
    constexpr double worth_saying = 10;
    constexpr double hour = 3600;
    if (std::none_of(missing.begin(), missing.end(),
                     [](const GridPoint& point) { return point.cost.sampling > 0; }))
        return;
    double seconds = 0;
    for (const GridPoint& point : missing) seconds += costs.seconds(point);
    const double elapsed = seconds / workers;
    if (elapsed < worth_saying) return;
    print_output("with sampling expected to take about {} ({:.2g} CPU hours)\n", duration_text(elapsed),
                 seconds / hour);
    static_cast<void>(std::fflush(stdout));
}

std::string configuration_text(const std::vector<Configuration>& parts, const Configuration& common) {
    std::string text;
    if (parts.empty()) text = common.settings.to_text();
    for (const Configuration& part : parts) {
        if (!part.part.empty()) text += fmt::format("[part {}]\n", quoted_if_needed(part.part));
        text += part.settings.to_text();
    }
    return text;
}

}  // namespace attnpaths
