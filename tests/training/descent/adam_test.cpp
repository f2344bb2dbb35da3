#include "training/descent/adam.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace attnpaths {
namespace {

constexpr WeightBlock single{0, 1, 1};

WeightMatrix<float> gradient(float value) {
    return WeightMatrix<float>::Constant(1, 1, value);
}

TEST(Adam, FirstStepHasTheLengthOfTheLearningRate) {
    // Mean and square of the gradient are exact after one step, so that their ratio is its sign.
    for (const float slope : {-3.0F, 1e-3F, 50.0F}) {
        AdamSettings settings;
        settings.decay = 0;
        Adam adam(settings, 1);
        WeightVector<float> weight = WeightVector<float>::Constant(1, 0.5F);
        adam.begin(1);
        adam.update(weight, single, gradient(slope));
        EXPECT_NEAR(weight(0), 0.5 - std::copysign(3e-4, slope), 1e-7);
    }
}

TEST(Adam, FollowsACalculationByHand) {
    // w = 2, gradient 1 and then -3, learning rate 0.1, decay 0.25: slopes 1 + 0.5 and -3 + 0.25 w.
    const AdamSettings settings{0.1, 0.25, 0.9, 0.999, 1e-8};
    Adam adam(settings, 1);
    WeightVector<float> weight = WeightVector<float>::Constant(1, 2.0F);
    adam.begin(1);
    adam.update(weight, single, gradient(1));
    EXPECT_NEAR(adam.mean(0), 0.15, 1e-7);
    EXPECT_NEAR(adam.square(0), 0.00225, 1e-9);
    EXPECT_NEAR(weight(0), 1.9, 1e-6);
    adam.begin(2);
    adam.update(weight, single, gradient(-3));
    // slope -2.525; mean 0.9 * 0.15 - 0.2525 = -0.1175, over 0.19 = -0.6184211;
    // square 0.999 * 0.00225 + 0.006375625 = 0.008623375, over 0.001999 = 4.3138444, root 2.0769796.
    EXPECT_NEAR(adam.mean(0), -0.1175, 1e-7);
    EXPECT_NEAR(adam.square(0), 0.008623375, 1e-8);
    EXPECT_NEAR(weight(0), 1.9 + 0.1 * 0.6184211 / 2.0769796, 1e-6);
}

TEST(Adam, LeavesOtherMatricesAlone) {
    Adam adam({}, 48);
    WeightVector<float> weights = WeightVector<float>::Ones(48);
    adam.begin(1);
    adam.update(weights, {16, 4, 4}, WeightMatrix<float>::Ones(4, 4));
    EXPECT_TRUE((weights.head(16).array() == 1).all());
    EXPECT_TRUE((weights.segment(16, 16).array() < 1).all());
    EXPECT_TRUE((weights.tail(16).array() == 1).all());
}

}  // namespace
}  // namespace attnpaths
