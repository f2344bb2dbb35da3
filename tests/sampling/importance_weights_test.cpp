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

/// Pairs of values x and c - x of equal weights have means without spread.
TEST(WeightedMean, HasErrorsOfPairs) {
    constexpr Index draws = 64;
    RandomStream random(1, "test", 0);
    Matrix values(2, draws);
    for (Index draw = 0; draw < draws; draw += 2) {
        values(0, draw) = random.normal();
        values(0, draw + 1) = 3 - values(0, draw);
        values(1, draw) = values(1, draw + 1) = random.normal();
    }
    const auto mean_by_blocks_of = [&](Index size, const Vector& log_weights) {
        return weighted_mean([&](Index block) -> Matrix { return values.middleCols(block * size, size); },
                             log_weights);
    };
    const WeightedMean mean = mean_by_blocks_of(16, Vector::Zero(draws));
    EXPECT_NEAR(mean.mean(0), 1.5, 1e-13);
    EXPECT_LT(mean.error(0), 1e-14);
    const Vector second = values.row(1).transpose();
    EXPECT_NEAR(mean.mean(1), second.mean(), 1e-13);
    const double variance = (second.array() - second.mean()).square().mean();
    EXPECT_NEAR(mean.sd(1), std::sqrt(variance), 1e-13);
    EXPECT_NEAR(mean.error(1), std::sqrt(variance / (draws / 2.0)), 1e-13);
    // Draws of no weight are as good as absent.
    Vector half = Vector::Constant(draws, -1e4);
    half.head(draws / 2).setConstant(5);
    EXPECT_NEAR(mean_by_blocks_of(16, half).mean(1), second.head(draws / 2).mean(), 1e-13);
    EXPECT_NEAR(mean_by_blocks_of(16, half).mean(1), mean_by_blocks_of(4, half).mean(1), 1e-13);
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
