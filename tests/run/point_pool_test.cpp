#include "run/point_pool.hpp"

#include "point/columns.hpp"
#include "store/sample_store.hpp"
#include "sweep/small_sweep.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace attnpaths {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr double without_limit = std::numeric_limits<double>::infinity();

SweepPlan plan_of(const GridPoint& point) {
    SweepPlan plan;
    plan.keys = {point.key};
    plan.ranks = 3;
    return plan;
}

/// A pool whose only point was handed back in the midst of its folding, of four strands of two blocks.
class PointPoolTest : public testing::Test {
  protected:
    void SetUp() override {
        first_ = *pool_.next_for(1, without_limit);
        pool_.begin(first_.point.key);
        Checkpoint checkpoint;
        checkpoint.methods[folding_method] = {2, {{2, 0.1, "all"}, {1, 0.1, "half"}, {0, 0, ""}, {0, 0, ""}}};
        pool_.note(first_.point, checkpoint);
        pool_.spread(first_.point, 2);
    }

    PointTask next_for(int worker) { return pool_.next_for(worker, without_limit).value(); }

    /// The result of a worker who brings all pieces of a task to their goal.
    static PointResult done(const PointTask& task) {
        Checkpoint checkpoint = task.checkpoint.only(task.part->method, task.part->pieces);
        EnsembleState& state = checkpoint.methods.begin()->second;
        for (const int piece : task.part->pieces)
            state.chains.at(static_cast<std::size_t>(piece)) = {state.goal, 1, "done"};
        return {Outcome::handed_back, {}, std::move(checkpoint)};
    }

    [[nodiscard]] Checkpoint stored() const {
        return decode_checkpoint(store_.find(first_.point.key)->checkpoint);
    }

    TemporaryFolder folder_;
    std::vector<GridPoint> points_ = {small_grid().front()};
    CostModel costs_;
    Store store_ = Store::open(folder_.file("s.h5"), plan_of(points_.front()));
    PointPool pool_{store_, points_, costs_};
    PointTask first_;
};

TEST_F(PointPoolTest, DealsStrandsOutAndTheLastGoesOnWithThePoint) {
    const PointTask one = next_for(1);
    const PointTask other = next_for(2);
    EXPECT_FALSE(pool_.has_task(without_limit));
    EXPECT_THAT(one.part->pieces, ElementsAre(1, 3)) << "the first is at its end";
    EXPECT_THAT(other.part->pieces, ElementsAre(2));
    EXPECT_EQ(one.checkpoint.methods.at(folding_method).chains[1].bytes, "half");
    pool_.take_part(other, done(other), false);
    EXPECT_FALSE(pool_.has_task(without_limit));
    pool_.take_part(one, done(one), false);
    const PointTask whole = next_for(2);
    EXPECT_FALSE(whole.part);
    EXPECT_TRUE(whole.is_spread);
    for (const SavedChain& strand : whole.checkpoint.methods.at(folding_method).chains)
        EXPECT_EQ(strand.draws, 2);
    EXPECT_EQ(encode_checkpoint(stored()), encode_checkpoint(whole.checkpoint)) << "lest it be lost";
    EXPECT_EQ(stored().point, point_text(describe_point(whole.point)))
        << "nothing else in the store tells whose it is";
}

TEST_F(PointPoolTest, GivesWorkersThePiecesThatTheyHad) {
    const PointTask one = next_for(1);
    const PointTask other = next_for(2);
    pool_.take_part(one, done(one), false);
    pool_.take_part(other, done(other), false);
    EXPECT_FALSE(next_for(1).part);
    const std::string pass = pass_method("analysis", 1);
    Checkpoint checkpoint;
    checkpoint.methods[pass] = {1, {{1, 0.1, "done"}, {0, 0, ""}, {0, 0, ""}, {0, 0, ""}}};
    pool_.note(first_.point, checkpoint);
    pool_.spread(first_.point, 2);
    const PointTask again = next_for(2);
    EXPECT_EQ(again.part->method, pass);
    EXPECT_EQ(again.part->pieces, other.part->pieces);
    EXPECT_EQ(next_for(1).part->pieces, one.part->pieces);
    EXPECT_TRUE(again.checkpoint.methods.contains(folding_method)) << "the pass rests on it";
    EXPECT_FALSE(stored().methods.contains(pass)) << "it is sooner made again";
}

TEST_F(PointPoolTest, DoesNotSpreadAgainWhatFailedAsAPart) {
    const PointTask one = next_for(1);
    const PointTask other = next_for(2);
    pool_.take_part(one, {Outcome::failed, {}, {}}, false);
    pool_.take_part(other, done(other), false);
    const PointTask whole = next_for(1);
    EXPECT_FALSE(whole.part);
    EXPECT_FALSE(whole.is_spread);
    EXPECT_EQ(whole.checkpoint.methods.at(folding_method).chains[2].bytes, "done");
}

TEST_F(PointPoolTest, HandsNothingOutWhileStopping) {
    const PointTask one = next_for(1);
    const PointTask other = next_for(2);
    pool_.take_part(one, done(one), false);
    PointResult interrupted = done(other);
    interrupted.outcome = Outcome::interrupted;
    pool_.take_part(other, std::move(interrupted), true);
    EXPECT_FALSE(pool_.has_task(without_limit));
    EXPECT_FALSE(pool_.is_empty());
    EXPECT_EQ(stored().methods.at(folding_method).chains[2].bytes, "done");
}

TEST(Checkpoint, KeepsTheFoldingOfAPointThatDoesNotSampleYet) {
    Checkpoint checkpoint;
    checkpoint.methods[folding_method] = {1, {{1, 0.1, "triangle"}}};
    checkpoint.methods[pass_method("analysis", 2)] = {1, {{1, 0.1, "values"}}};
    const Checkpoint folding = checkpoint.lasting();
    EXPECT_EQ(folding.methods.size(), 1U);
    EXPECT_TRUE(folding.methods.contains(folding_method));
    checkpoint.methods["weights"] = {10, {{1, 0.1, "chain"}}};
    const Checkpoint chains = checkpoint.lasting();
    EXPECT_EQ(chains.methods.size(), 1U);
    EXPECT_TRUE(chains.methods.contains("weights"));
    checkpoint.methods.erase(folding_method);
    checkpoint.methods.erase("weights");
    EXPECT_TRUE(checkpoint.lasting().empty());
}

TEST(Checkpoint, GivesAPartWhatItRestsOn) {
    Checkpoint checkpoint;
    for (const std::string& method : {std::string(folding_method), pass_method("a", 1), pass_method("a", 2),
                                      pass_method("b", 1), std::string("weights")})
        checkpoint.methods[method] = {1, {{1, 0.1, "x"}, {0, 0.1, "y"}}};
    constexpr int second = 1;
    const auto names = [&](const std::string& method) {
        std::vector<std::string> found;
        for (const auto& [name, state] : checkpoint.for_part(method, {&second, 1}).methods)
            found.push_back(name);
        return found;
    };
    EXPECT_THAT(names(pass_method("a", 2)), ElementsAre("a/1", "a/2", folding_method));
    EXPECT_THAT(names("weights"), ElementsAre(folding_method, "weights"));
    EXPECT_THAT(names(folding_method), ElementsAre(folding_method));
    EXPECT_THAT(checkpoint.for_part("weights", {&second, 1}).methods.at("weights").chains[0].bytes,
                IsEmpty());
    EXPECT_EQ(analysis_of_pass(pass_method("a", 12)), "a");
    EXPECT_EQ(analysis_of_pass("weights"), "");
}

}  // namespace
}  // namespace attnpaths
