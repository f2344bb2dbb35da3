#include "sweep/work_queue.hpp"

#include "task/head_counts.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace attnpaths {

std::string WorkQueue::group_of(const GridPoint& point) {
    return fmt::format("part {} seed {} heads {} P {}", point.part, point.seed,
                       head_counts_text(point.architecture.heads), point.examples);
}

WorkQueue::WorkQueue(const std::vector<GridPoint>& points) {
    for (const GridPoint& point : points) put_back(point);
}

void WorkQueue::put_back(const GridPoint& point) {
    const std::string group = group_of(point);
    const auto [entry, fresh] = groups_.try_emplace(group);
    if (fresh) order_.push_back(group);
    entry->second.push_back(point);
    ++size_;
}

GridPoint WorkQueue::next_for(int worker) {
    std::string chosen = last_group_[worker];
    if (chosen.empty() || groups_[chosen].empty()) {
        const auto is_taken = [&](const std::string& group) {
            return std::any_of(last_group_.begin(), last_group_.end(), [&](const auto& entry) {
                return entry.first != worker && entry.second == group;
            });
        };
        chosen.clear();
        for (const std::string& group : order_) {
            if (groups_[group].empty()) continue;
            if (!is_taken(group)) {
                chosen = group;
                break;
            }
            if (chosen.empty() || groups_[group].size() > groups_[chosen].size()) chosen = group;
        }
    }
    std::deque<GridPoint>& group = groups_[chosen];
    GridPoint point = group.front();
    group.pop_front();
    --size_;
    last_group_[worker] = chosen;
    return point;
}

}  // namespace attnpaths
