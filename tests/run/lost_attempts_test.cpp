#include "store/lost_attempts.hpp"

#include "run/overdue.hpp"
#include "store/sample_store.hpp"
#include "sweep/small_sweep.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace attnpaths {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr double no_time_limit = std::numeric_limits<double>::infinity();

SweepPlan plan_of(const std::vector<GridPoint>& points) {
    SweepPlan plan;
    for (const GridPoint& point : points) plan.keys.push_back(point.key);
    plan.ranks = 3;
    return plan;
}

/// Widths in the order in which a pool hands its points out to one worker.
std::vector<double> widths_handed_out(PointPool& pool) {
    std::vector<double> widths;
    while (const auto task = pool.next_for(1, no_time_limit))
        widths.push_back(task->point.architecture.readout_width);
    return widths;
}

class LostAttempts : public testing::Test {
  protected:
    [[nodiscard]] Store open() const { return Store::open(folder_.file("s.h5"), plan_of(points_)); }

    TemporaryFolder folder_;
    std::vector<GridPoint> points_ = small_grid({{"grid.width", "10 20 30"}});
    CostModel costs_;
    Progress progress_{ProgressStyle::none, 3, 0, 0, 0};
};

TEST_F(LostAttempts, ThreeInARowAreTooMany) {
    Store store = open();
    const std::string& key = points_.front().key;
    EXPECT_FALSE(has_lost_too_often(store, key));
    for (const char* signal : {"signal 6", "signal 11", "signal 9"}) {
        EXPECT_FALSE(has_lost_too_often(store, key));
        store.start(key);
        store.lose_attempt(key, signal);
    }
    EXPECT_TRUE(has_lost_too_often(store, key));
    EXPECT_EQ(lost_attempts_text(store, key), "3 attempts were lost, the last: signal 9");
    EXPECT_FALSE(has_lost_too_often(store, points_.back().key));
}

TEST_F(LostAttempts, TheyComeLastInThisRunAndTheNext) {
    {
        Store store = open();
        PointPool pool(store, points_, costs_);
        const GridPoint first = pool.next_for(1, no_time_limit)->point;
        pool.begin(first.key);
        pool.lose_attempt(first.key, "died");
        pool.wait_again(first);
        EXPECT_EQ(pool.waiting(), 3U);
        const std::vector<double> widths = widths_handed_out(pool);
        ASSERT_EQ(widths.size(), 3U);
        EXPECT_EQ(widths.back(), first.architecture.readout_width);
        EXPECT_FALSE(pool.has_task(no_time_limit));
        store.lose_attempt(points_.front().key, "died");
        store.sync();
    }
    Store store = open();
    PointPool pool(store, {points_.front(), points_.back()}, costs_);
    EXPECT_THAT(widths_handed_out(pool), ElementsAre(30, 10));
}

TEST_F(LostAttempts, ReleasedPointsAreInNobodysHandsAndHaveLostNone) {
    {
        Store store = open();
        PointPool pool(store, points_, costs_);
        for (const GridPoint& point : points_) pool.begin(point.key);
        pool.lose_attempt(points_.front().key, "died");
        pool.release_all();
        store.sync();
    }
    const Store store = open();
    EXPECT_THAT(store.warnings(), IsEmpty()) << "nothing was left in flight";
    EXPECT_EQ(store.find(points_[0].key)->lost_attempts, 1);
    EXPECT_EQ(store.find(points_[1].key)->lost_attempts, 0);
    EXPECT_EQ(store.find(points_[2].key)->lost_attempts, 0);
}

TEST_F(LostAttempts, AnOverduePointWaitsTwiceAndThenFails) {
    Store store = open();
    PointPool pool(store, {points_.front()}, costs_);
    for (int attempt = 1; attempt <= most_lost_attempts; ++attempt) {
        const auto task = pool.next_for(1, no_time_limit);
        ASSERT_TRUE(task.has_value()) << "attempt " << attempt;
        pool.begin(task->point.key);
        settle_overdue(*task, 90, store, pool, progress_, costs_, false);
    }
    EXPECT_TRUE(pool.is_empty());
    const PointState* state = store.find(points_.front().key);
    ASSERT_NE(state, nullptr);
    EXPECT_EQ(state->status, PointState::Status::failed);
    EXPECT_EQ(state->attempts, 3);
}

TEST_F(LostAttempts, AnOverdueChainGoesBackToItsPoint) {
    Store store = open();
    PointPool pool(store, {points_.front()}, costs_);
    PointTask task = *pool.next_for(1, no_time_limit);
    pool.begin(task.point.key);
    Checkpoint checkpoint;
    EnsembleState& ensemble = checkpoint.methods["order-parameter"];
    ensemble.goal = 10;
    ensemble.chains.resize(2);
    pool.note(task.point, checkpoint);
    pool.spread(task.point, 2);
    for (int chain = 0; chain < 2; ++chain) {
        const auto next = pool.next_for(1, no_time_limit);
        ASSERT_TRUE(next && next->part) << chain;
        settle_overdue(*next, 90, store, pool, progress_, costs_, false);
    }
    const auto whole = pool.next_for(1, no_time_limit);
    ASSERT_TRUE(whole && !whole->part);
    EXPECT_EQ(store.find(task.point.key)->lost_attempts, 2);
    settle_overdue(*whole, 90, store, pool, progress_, costs_, false);
    EXPECT_TRUE(pool.is_empty());
    EXPECT_EQ(store.find(task.point.key)->status, PointState::Status::failed);
}

TEST_F(LostAttempts, TheReasonNamesTheLimit) {
    EXPECT_EQ(overdue_text(86400), "took longer than run.point_limit = 24.0 h");
}

TEST_F(LostAttempts, ACheckpointThatCannotBeUsedIsAsNone) {
    Store store = open();
    store.checkpoint(points_.front().key, "of another version");
    std::vector<std::string> said;
    PointPool pool(store, {points_.front()}, costs_, [&](const std::string& line) { said.push_back(line); });
    EXPECT_THAT(said, ElementsAre(HasSubstr(points_.front().key + ": its checkpoint")));
    const auto task = pool.next_for(1, no_time_limit);
    ASSERT_TRUE(task);
    EXPECT_TRUE(task->checkpoint.empty());
}

}  // namespace
}  // namespace attnpaths
