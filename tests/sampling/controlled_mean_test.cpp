#include "sampling/controlled_mean.hpp"

#include "base/random_stream.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace attnpaths {
namespace {

constexpr Index block_draws = 16;

ControlledMean::Estimate mean_by_blocks(const Matrix& values, const Vector& weights, Index size = block_draws,
                                        const Matrix& controls = {}) {
    ControlledMean mean(values.col(0), controls.rows());
    for (Index block = 0; block < values.cols() / size; ++block)
        mean.add(block, values.middleCols(block * size, size), weights.segment(block * size, size),
                 controls.rows() == 0 ? Matrix() : controls.middleCols(block * size / 2, size / 2));
    return mean.estimate();
}

/// Pairs of values x and c - x of equal weights have means without spread.
TEST(ControlledMean, HasErrorsOfPairs) {
    constexpr Index draws = 512;
    RandomStream random(1, "test", 0);
    Matrix values(2, draws);
    for (Index draw = 0; draw < draws; draw += 2) {
        values(0, draw) = random.normal();
        values(0, draw + 1) = 3 - values(0, draw);
        values(1, draw) = values(1, draw + 1) = random.normal();
    }
    const ControlledMean::Estimate mean = mean_by_blocks(values, Vector::Ones(draws));
    EXPECT_EQ(mean.gain, 1);
    EXPECT_NEAR(mean.mean(0), 1.5, 1e-13);
    EXPECT_LT(mean.error(0), 1e-8);
    const Vector second = values.row(1).transpose();
    EXPECT_NEAR(mean.mean(1), second.mean(), 1e-13);
    const double variance = (second.array() - second.mean()).square().mean();
    EXPECT_NEAR(mean.sd(1), std::sqrt(variance), 1e-13);
    EXPECT_NEAR(mean.error(1), std::sqrt(variance / (draws / 2.0)), 1e-13);
    EXPECT_LT((mean.parts.rowwise().mean() - mean.mean).cwiseAbs().maxCoeff(), 1e-13);
    // Draws of no weight are as good as absent.
    Vector half = Vector::Zero(draws);
    half.head(draws / 2).setConstant(0.3);
    EXPECT_NEAR(mean_by_blocks(values, half).mean(1), second.head(draws / 2).mean(), 1e-13);
    EXPECT_NEAR(mean_by_blocks(values, half).mean(1), mean_by_blocks(values, half, 4).mean(1), 1e-13);
}

/// Weights and values of which all but noise of 1 % follows from controls: pairs of a draw with itself.
struct ControlledDraws {
    Matrix values, controls;
    Vector weights;

    ControlledDraws(Index pairs, Index count, std::uint64_t index, double strength = 1)
        : values(1, 2 * pairs), controls(count, pairs), weights(2 * pairs) {
        RandomStream random(2, "test", index);
        for (Index pair = 0; pair < pairs; ++pair) {
            for (Index i = 0; i < count; ++i) controls(i, pair) = random.normal();
            const double weight = 1 + strength * 0.2 * std::tanh(controls(0, pair));
            const double value = 2 + strength * controls(1, pair) / weight + 0.01 * random.normal();
            for (const Index twin : {0, 1}) {
                weights(2 * pair + twin) = weight;
                values(0, 2 * pair + twin) = value;
            }
        }
    }
    [[nodiscard]] ControlledMean::Estimate mean(bool is_controlled = true) const {
        return mean_by_blocks(values, weights, block_draws, is_controlled ? controls : Matrix());
    }
};

/// The mean is without bias and its error honest, also with nearly as many controls as pairs.
TEST(ControlledMean, TakesOffWhatFollowsFromControls) {
    constexpr Index pairs = 256;
    constexpr int times = 200;
    for (const Index count : {5, 100}) {
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < times; ++i) {
            const ControlledDraws draws(pairs, count, static_cast<std::uint64_t>(i));
            const ControlledMean::Estimate mean = draws.mean();
            ASSERT_GT(mean.gain, 1);
            EXPECT_LT(10 * mean.error(0), draws.mean(false).error(0));
            EXPECT_LT(mean.mean_weight_error, draws.mean(false).mean_weight_error);
            const double z = (mean.mean(0) - 2) / mean.error(0);
            sum += z;
            squares += z * z;
        }
        EXPECT_LT(std::abs(sum / times), 4 / std::sqrt(times));
        EXPECT_NEAR(squares / times, 1, 0.35);
    }
}

/// Controls that say nothing, the same twice or nothing at all, and that are too many for the draws.
TEST(ControlledMean, DoesWithoutControlsThatDoNotHelp) {
    constexpr Index pairs = 256;
    const ControlledDraws unrelated(pairs, 100, 0, 0);
    EXPECT_EQ(unrelated.mean().gain, 1);
    EXPECT_EQ(unrelated.mean().mean, unrelated.mean(false).mean);
    const ControlledDraws many(pairs, pairs, 1);
    EXPECT_LT(pairs, ControlledMean::fewest_pairs(pairs));
    EXPECT_EQ(many.mean().gain, 1);

    ControlledDraws degenerate(pairs, 4, 2);
    const double error = degenerate.mean().error(0);
    degenerate.controls.row(2) = degenerate.controls.row(1);
    degenerate.controls.row(3).setZero();
    const ControlledMean::Estimate mean = degenerate.mean();
    EXPECT_GT(mean.gain, 1);
    EXPECT_NEAR(mean.error(0), error, 0.1 * error);
}

}  // namespace
}  // namespace attnpaths
