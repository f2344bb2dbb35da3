#include "training/descent/descent.hpp"

#include "base/error.hpp"
#include "training/small_network.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace attnpaths {
namespace {

class DescentTest : public testing::Test {
  protected:
    static void SetUpTestSuite() { environment_ = new mpi::Environment; }
    static void TearDownTestSuite() {
        delete environment_;
        environment_ = nullptr;
    }

    Descent descent(const AdamSettings& settings = {}) {
        return {world_, problem_.layout, problem_.tokens, settings, problem_.weights.cast<float>()};
    }

    static inline mpi::Environment* environment_ = nullptr;
    mpi::Communicator world_;
    SmallProblem problem_{{2, 2}};
    EpisodeStream stream_{problem_.images, Split::train, 1, "test/descent"};
};

TEST_F(DescentTest, ScoresCountTheEpisodesOfABatch) {
    Descent descent = this->descent();
    const Score before = descent.evaluate(descent.weights, stream_, 0, 32).value();
    StepRequests requests{false, true};
    const Score step = descent.step(stream_, 0, 32, requests);
    EXPECT_EQ(step.episodes, 32);
    EXPECT_NEAR(step.mean_loss(), before.mean_loss(), 1e-6);
    EXPECT_EQ(step.right, before.right);
    EXPECT_FALSE(requests.stop);
    EXPECT_TRUE(requests.save);
    EXPECT_EQ(descent.steps, 1);
}

TEST_F(DescentTest, StepsOnTheSameEpisodesLowerTheirLoss) {
    Descent descent = this->descent();
    StepRequests requests;
    const double before = descent.step(stream_, 0, 32, requests).mean_loss();
    for (int i = 0; i < 30; ++i) descent.step(stream_, 0, 32, requests);
    EXPECT_LT(descent.evaluate(descent.weights, stream_, 0, 32)->mean_loss(), 0.8 * before);
}

TEST_F(DescentTest, ALossThatIsNotFiniteIsAnError) {
    Descent descent = this->descent();
    descent.weights.setConstant(1e20F);
    StepRequests requests;
    EXPECT_THAT(
        [&] { descent.step(stream_, 0, 32, requests); },
        testing::ThrowsMessage<NumericalError>(testing::HasSubstr("the loss is not finite at step 1")));
}

}  // namespace
}  // namespace attnpaths
