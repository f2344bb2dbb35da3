#include "sweep/shard.hpp"

#include "sweep/small_sweep.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace attnpaths {
namespace {

/// 48 points of very different costs.
std::vector<GridPoint> points() {
    return small_grid({{"grid.width", "10 30 100 300"},
                       {"grid.examples", "20 40 200"},
                       {"grid.heads", "2:2 2:1"},
                       {"grid.temperature", "0.01 0.1"}});
}

double cost_of(const std::vector<GridPoint>& some) {
    double sum = 0;
    for (const GridPoint& point : some) sum += point.cost.theory + point.cost.sampling;
    return sum;
}

TEST(Shard, IsReadFromItsText) {
    EXPECT_EQ(parse_shard("3/8").number, 3);
    EXPECT_EQ(parse_shard("3/8").count, 8);
    for (const char* text : {"", "3", "0/8", "9/8", "1/0", "-1/2", "1/2/3", "a/b", "1 / 2", "1/"})
        EXPECT_EQ(parse_shard(text).count, 0) << text;
}

TEST(Shard, EveryPointIsInExactlyOne) {
    for (const int count : {1, 2, 7, 48, 60}) {
        std::multiset<std::string> seen;
        for (int number = 1; number <= count; ++number)
            seen.merge(keys_of(points_of_shard(points(), {number, count})));
        EXPECT_EQ(seen, keys_of(points())) << count;
    }
}

TEST(Shard, CostTheSameUpToOnePoint) {
    double dearest = 0;
    for (const GridPoint& point : points()) dearest = std::max(dearest, cost_of({point}));
    std::vector<double> costs;
    for (int number = 1; number <= 5; ++number)
        costs.push_back(cost_of(points_of_shard(points(), {number, 5})));
    const auto [least, most] = std::minmax_element(costs.begin(), costs.end());
    EXPECT_LE(*most - *least, dearest);
    EXPECT_GT(dearest, 2 * cost_of(points()) / static_cast<double>(points().size()));  // not all alike
}

TEST(Shard, KeepsTheOrderOfTheGrid) {
    std::vector<std::string> grid;
    for (const GridPoint& point : points()) grid.push_back(point.key);
    auto last = grid.begin();
    for (const GridPoint& point : points_of_shard(points(), {2, 3})) {
        const auto place = std::find(grid.begin(), grid.end(), point.key);
        EXPECT_LE(last, place);
        last = place;
    }
}

}  // namespace
}  // namespace attnpaths
