#include "run/work_queue.hpp"

#include "sweep/small_sweep.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace attnpaths {
namespace {

/// 2 seeds x 2 head counts x 2 P = 8 groups of 6 points.
std::vector<GridPoint> queued_points() {
    return small_grid({{"grid.width", "10 30 100"},
                       {"grid.examples", "20 40"},
                       {"grid.heads", "2:2 2:1"},
                       {"grid.temperature", "0.01 0.1"},
                       {"grid.seed", "1 2"}});
}

std::string group_of(const GridPoint& point) {
    std::string text = std::to_string(point.seed) + " " + std::to_string(point.examples);
    for (const Index heads : point.architecture.heads) text += " " + std::to_string(heads);
    return text;
}

TEST(WorkQueue, HandsOutEveryPointExactlyOnce) {
    std::mt19937 random(1);
    for (const int workers : {1, 2, 3, 7, 100}) {
        const CostModel costs;
        WorkQueue queue(queued_points(), costs);
        std::multiset<std::string> seen;
        while (!queue.empty()) {
            const std::size_t before = queue.size();
            seen.insert(queue.next_for(static_cast<int>(random() % static_cast<unsigned>(workers)))->key);
            EXPECT_EQ(queue.size(), before - 1);
        }
        EXPECT_EQ(seen, keys_of(queued_points())) << workers << " workers";
    }
}

TEST(WorkQueue, AWorkerStaysWithItsKernels) {
    const CostModel costs;
    WorkQueue queue(queued_points(), costs);
    std::map<int, std::string> group;
    std::map<std::string, int> left;
    for (const GridPoint& point : queued_points()) ++left[group_of(point)];
    std::mt19937 random(2);
    while (!queue.empty()) {
        const int worker = static_cast<int>(random() % 3);
        const GridPoint point = *queue.next_for(worker);
        if (!group[worker].empty() && left[group[worker]] > 0) {
            EXPECT_EQ(group_of(point), group[worker]);
        }
        group[worker] = group_of(point);
        --left[group[worker]];
    }
}

TEST(WorkQueue, WorkersStartInDifferentGroupsAndHelpTheLargestAtTheEnd) {
    const CostModel costs;
    WorkQueue queue(queued_points(), costs);
    std::set<std::string> started;
    for (int worker = 1; worker <= 8; ++worker) started.insert(group_of(*queue.next_for(worker)));
    EXPECT_EQ(started.size(), 8U);
    // A ninth worker finds every group taken and joins one that has most left: all have the same.
    for (int i = 0; i < 2; ++i) static_cast<void>(queue.next_for(1));
    const std::string drained = group_of(*queue.next_for(1));
    EXPECT_NE(group_of(*queue.next_for(9)), drained);
}

TEST(WorkQueue, APointPutBackIsHandedOutAgain) {
    const std::vector<GridPoint> one = {queued_points().front()};
    const CostModel costs;
    WorkQueue queue(one, costs);
    const GridPoint point = *queue.next_for(1);
    EXPECT_TRUE(queue.empty());
    queue.put(point);
    EXPECT_EQ(queue.size(), 1U);
    EXPECT_EQ(queue.next_for(2)->key, point.key);
    EXPECT_TRUE(queue.empty());
}

/// Costs learned from one point of every P of the grid: P = 40 takes a second, P = 20 ten.
CostModel learned_costs() {
    CostModel costs;
    for (const GridPoint& point : queued_points()) {
        Record record = describe_point(point);
        record["point/seconds"] = point.examples == 40 ? 1.0 : 10.0;
        costs.learn(record);
    }
    return costs;
}

TEST(WorkQueue, TheLongestPointsComeFirst) {
    const CostModel costs = learned_costs();
    WorkQueue queue(queued_points(), costs);
    for (int worker = 1; worker <= 4; ++worker) EXPECT_EQ(queue.next_for(worker)->examples, 20);
    EXPECT_EQ(queue.next_for(5)->examples, 40);
}

TEST(WorkQueue, WhatIsNotExpectedToEndInTimeIsNotBegun) {
    const CostModel costs = learned_costs();
    WorkQueue queue(queued_points(), costs);
    EXPECT_TRUE(queue.has_any(5));
    while (queue.has_any(5)) EXPECT_EQ(queue.next_for(1, 5)->examples, 40);
    EXPECT_EQ(queue.size(), queued_points().size() / 2);
    EXPECT_FALSE(queue.next_for(1, 5));
    EXPECT_FALSE(queue.has_any(5));
    EXPECT_EQ(queue.next_for(1, 100)->examples, 20);
}

}  // namespace
}  // namespace attnpaths
