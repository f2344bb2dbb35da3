#include "sampling/importance_weights.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace attnpaths {
namespace {

TEST(EffectiveDraws, CountEqualWeightsAndOneThatOutweighsThemAll) {
    EXPECT_NEAR(effective_draws(Vector::Constant(50, -1234.5)), 50, 1e-12);
    Vector one = Vector::Zero(50);
    one(7) = 800;
    EXPECT_NEAR(effective_draws(one), 1, 1e-12);
    EXPECT_NEAR(effective_draws(Vector{{0, std::log(3.0)}}), 16.0 / 10, 1e-12);
}

/// Every draw is taken as often as its weight says, rounded up or down, and on average just so.
TEST(Resample, TakesDrawsInProportionToTheirWeights) {
    const Vector weights{{0.2, 1.7, 0, 0.6, 2.5, 1e-9}};
    constexpr Index count = 10;
    constexpr int times = 4000;
    Vector taken = Vector::Zero(weights.size());
    for (int i = 0; i < times; ++i) {
        RandomStream random(3, "test", static_cast<std::uint64_t>(i));
        const std::vector<Index> chosen = resample(weights, count, random);
        ASSERT_EQ(chosen.size(), static_cast<std::size_t>(count));
        EXPECT_TRUE(std::is_sorted(chosen.begin(), chosen.end()));
        Vector own = Vector::Zero(weights.size());
        for (const Index draw : chosen) ++own(draw);
        for (Index draw = 0; draw < weights.size(); ++draw)
            EXPECT_LT(std::abs(own(draw) - count * weights(draw) / weights.sum()), 1);
        taken += own;
    }
    const Vector expected = weights * (count / weights.sum());
    EXPECT_LT((taken / times - expected).cwiseAbs().maxCoeff(), 4 * 0.5 / std::sqrt(times));
}

}  // namespace
}  // namespace attnpaths
