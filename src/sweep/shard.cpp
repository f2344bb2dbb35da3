#include "sweep/shard.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <numeric>
#include <queue>
#include <utility>

namespace attnpaths {

Shard parse_shard(const std::string& text) {
    constexpr std::int64_t most = 1000000;
    const std::size_t slash = text.find('/');
    std::int64_t number = 0;
    std::int64_t count = 0;
    if (slash == std::string::npos || !parse_integer(text.substr(0, slash), number) ||
        !parse_integer(text.substr(slash + 1), count) || number < 1 || number > count || count > most)
        return {0, 0};
    return {static_cast<int>(number), static_cast<int>(count)};
}

std::vector<GridPoint> points_of_shard(const std::vector<GridPoint>& points, const Shard& shard) {
    const auto seconds = [&](std::size_t i) { return points[i].cost.seconds(); };
    std::vector<std::size_t> order(points.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return seconds(a) > seconds(b); });
    // The longest points first, each to the shard that has least so far; of equals to the first.
    using Load = std::pair<double, int>;
    std::priority_queue<Load, std::vector<Load>, std::greater<>> loads;
    for (int number = 1; number <= shard.count; ++number) loads.emplace(0, number);
    std::vector<bool> is_ours(points.size());
    for (const std::size_t i : order) {
        const auto [load, number] = loads.top();
        loads.pop();
        is_ours[i] = number == shard.number;
        loads.emplace(load + seconds(i), number);
    }
    std::vector<GridPoint> ours;
    for (std::size_t i = 0; i < points.size(); ++i)
        if (is_ours[i]) ours.push_back(points[i]);
    return ours;
}

}  // namespace attnpaths
