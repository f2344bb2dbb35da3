#include "run/work_queue.hpp"

#include "datasets/head_counts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>
#include <tuple>

namespace attnpaths {

namespace {

/// A point is begun if this multiple of its expected time is left.
constexpr double safety_factor = 1.5;

}  // namespace

std::string WorkQueue::group_of(const GridPoint& point) {
    return fmt::format("{} part {} seed {} heads {} P {}", point.submission, point.part, point.seed,
                       head_counts_text(point.architecture.heads), point.examples);
}

WorkQueue::WorkQueue(const std::vector<GridPoint>& points, const CostModel& costs) : costs_(costs) {
    for (const GridPoint& point : points) put(point);
}

void WorkQueue::put(const GridPoint& point) {
    const auto [entry, fresh] = groups_.try_emplace(group_of(point));
    Group& group = entry->second;
    if (fresh) group.place = ++groups_so_far_;
    const double seconds = costs_.seconds(point);
    group.points.emplace(seconds, point);
    hopeless_until_ = {};
    group.seconds += seconds;
    ++size_;
}

std::multimap<double, GridPoint, std::greater<>>::const_iterator WorkQueue::first_that_fits(
    const Group& group, double seconds_left) const {
    return std::find_if(group.points.begin(), group.points.end(), [&](const auto& entry) {
        return safety_factor * costs_.indivisible_seconds(entry.second) < seconds_left;
    });
}

bool WorkQueue::is_hopeless(double seconds_left) const {
    return seconds_left <= hopeless_seconds_ && std::chrono::steady_clock::now() < hopeless_until_;
}

void WorkQueue::note_hopeless(double seconds_left) const {
    constexpr std::chrono::seconds moment(1);
    hopeless_seconds_ = seconds_left;
    hopeless_until_ = std::chrono::steady_clock::now() + moment;
}

bool WorkQueue::has_any(double seconds_left) const {
    if (is_hopeless(seconds_left)) return false;
    const bool has = std::any_of(groups_.begin(), groups_.end(), [&](const auto& entry) {
        return first_that_fits(entry.second, seconds_left) != entry.second.points.end();
    });
    if (!has) note_hopeless(seconds_left);
    return has;
}

WorkQueue::Groups::iterator WorkQueue::group_for(int worker, double seconds_left) {
    if (is_hopeless(seconds_left)) return groups_.end();
    const auto own = groups_.find(last_group_[worker]);
    if (own != groups_.end() && first_that_fits(own->second, seconds_left) != own->second.points.end())
        return own;
    std::set<std::string_view> taken;
    for (const auto& [other, group] : last_group_)
        if (other != worker) taken.insert(group);
    // Rank of a group: (free, work at hand, place in the grid); the highest is chosen.
    auto chosen = groups_.end();
    std::tuple<bool, double, int> best;
    for (auto group = groups_.begin(); group != groups_.end(); ++group) {
        const auto first = first_that_fits(group->second, seconds_left);
        if (first == group->second.points.end()) continue;
        const bool is_free = !taken.contains(group->first);
        const std::tuple<bool, double, int> rank(is_free, is_free ? first->first : group->second.seconds,
                                                 -group->second.place);
        if (chosen != groups_.end() && rank <= best) continue;
        chosen = group;
        best = rank;
    }
    if (chosen == groups_.end()) note_hopeless(seconds_left);
    return chosen;
}

std::optional<GridPoint> WorkQueue::next_for(int worker, double seconds_left) {
    const auto chosen = group_for(worker, seconds_left);
    if (chosen == groups_.end()) return std::nullopt;
    Group& group = chosen->second;
    const auto first = first_that_fits(group, seconds_left);
    GridPoint point = first->second;
    group.seconds -= first->first;
    group.points.erase(first);
    --size_;
    last_group_[worker] = chosen->first;
    if (group.points.empty()) groups_.erase(chosen);
    return point;
}

}  // namespace attnpaths
