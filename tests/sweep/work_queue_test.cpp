#include "sweep/work_queue.hpp"

#include "small_sweep.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace attnpaths {
namespace {

/// 2 seeds x 2 head counts x 2 P = 8 groups of 6 points.
std::vector<GridPoint> points() {
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
        WorkQueue queue(points());
        std::multiset<std::string> seen;
        while (!queue.empty()) {
            const std::size_t before = queue.size();
            seen.insert(queue.next_for(static_cast<int>(random() % static_cast<unsigned>(workers))).key);
            EXPECT_EQ(queue.size(), before - 1);
        }
        EXPECT_EQ(seen, keys_of(points())) << workers << " workers";
    }
}

TEST(WorkQueue, AWorkerStaysWithItsKernels) {
    WorkQueue queue(points());
    std::map<int, std::string> group;
    std::map<std::string, int> left;
    for (const GridPoint& point : points()) ++left[group_of(point)];
    std::mt19937 random(2);
    while (!queue.empty()) {
        const int worker = static_cast<int>(random() % 3);
        const GridPoint point = queue.next_for(worker);
        if (!group[worker].empty() && left[group[worker]] > 0) {
            EXPECT_EQ(group_of(point), group[worker]);
        }
        group[worker] = group_of(point);
        --left[group[worker]];
    }
}

TEST(WorkQueue, WorkersStartInDifferentGroupsAndHelpTheLargestAtTheEnd) {
    WorkQueue queue(points());
    std::set<std::string> started;
    for (int worker = 1; worker <= 8; ++worker) started.insert(group_of(queue.next_for(worker)));
    EXPECT_EQ(started.size(), 8U);
    // A ninth worker finds every group taken and joins one that has most left: all have the same.
    for (int i = 0; i < 2; ++i) queue.next_for(1);
    const std::string drained = group_of(queue.next_for(1));
    EXPECT_NE(group_of(queue.next_for(9)), drained);
}

TEST(WorkQueue, APointPutBackIsHandedOutAgain) {
    const std::vector<GridPoint> one = {points().front()};
    WorkQueue queue(one);
    const GridPoint point = queue.next_for(1);
    EXPECT_TRUE(queue.empty());
    queue.put_back(point);
    EXPECT_EQ(queue.size(), 1U);
    EXPECT_EQ(queue.next_for(2).key, point.key);
    EXPECT_TRUE(queue.empty());
}

}  // namespace
}  // namespace attnpaths
