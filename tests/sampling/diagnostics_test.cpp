#include "sampling/diagnostics.hpp"

#include "base/random_stream.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace attnpaths {
namespace {

/// Chains of an autoregressive process of unit variance, x_t = rho x_{t-1} + sqrt(1 - rho^2) noise.
Matrix autoregressive(Index draws, Index chains, double rho, std::uint64_t seed) {
    Matrix values(draws, chains);
    for (Index chain = 0; chain < chains; ++chain) {
        RandomStream random(seed, "test", static_cast<std::uint64_t>(chain));
        double x = random.normal();
        for (Index draw = 0; draw < draws; ++draw) {
            values(draw, chain) = x;
            x = rho * x + std::sqrt(1 - rho * rho) * random.normal();
        }
    }
    return values;
}

/// The effective sample size of an autoregressive process is n (1 - rho) / (1 + rho).
TEST(Diagnostics, EffectiveSampleSizeOfAnAutoregressiveProcess) {
    for (const double rho : {0.0, 0.5, 0.9, -0.3}) {
        const Matrix draws = autoregressive(5000, 4, rho, 1);
        const double expected = 20000 * (1 - rho) / (1 + rho);
        EXPECT_NEAR(bulk_ess(draws) / expected, 1, 0.12) << rho;
        EXPECT_NEAR(mcse_mean(draws) * std::sqrt(expected), 1, 0.1) << rho;
        EXPECT_LT(rhat(draws), 1.01) << rho;
    }
}

TEST(Diagnostics, RanksMakeThemIndifferentToMonotoneTransformations) {
    const Matrix draws = autoregressive(400, 4, 0.4, 2);
    const Matrix stretched = draws.array().exp().cube();
    EXPECT_EQ(bulk_ess(draws), bulk_ess(stretched));
    EXPECT_EQ(tail_ess(draws), tail_ess(stretched));
}

TEST(Diagnostics, RhatSeesAShiftAndADifferentWidth) {
    Matrix shifted = autoregressive(500, 4, 0, 3);
    shifted.col(0).array() += 1;
    EXPECT_GT(rhat(shifted), 1.05);
    Matrix wide = autoregressive(500, 4, 0, 3);
    wide.col(0) *= 3;
    EXPECT_GT(rhat(wide), 1.05);  // the folded one: the means agree
    Matrix drifting = autoregressive(500, 4, 0, 3);
    for (Index draw = 0; draw < 500; ++draw) drifting.row(draw).array() += 0.004 * static_cast<double>(draw);
    EXPECT_GT(rhat(drifting), 1.05);  // the split one: the chains agree
}

TEST(Diagnostics, AreNaNWhereTheyMeanNothing) {
    Matrix broken = autoregressive(100, 2, 0, 4);
    broken(3, 1) = std::numeric_limits<double>::quiet_NaN();
    for (const Matrix& draws : {Matrix(Matrix::Constant(100, 2, 1.5)), broken, autoregressive(3, 2, 0, 4)}) {
        EXPECT_TRUE(std::isnan(rhat(draws)));
        EXPECT_TRUE(std::isnan(bulk_ess(draws)));
        EXPECT_TRUE(std::isnan(tail_ess(draws)));
        EXPECT_TRUE(std::isnan(mcse_mean(draws)));
    }
}

/// Independent energies change by twice their variance; a slow random walk of energies hardly changes.
TEST(Diagnostics, EbfmiTellsFreeEnergiesFromStuckOnes) {
    EXPECT_NEAR(ebfmi(autoregressive(5000, 1, 0, 5)), 2, 0.15);
    EXPECT_LT(ebfmi(autoregressive(5000, 1, 0.95, 5)), 0.3);
}

}  // namespace
}  // namespace attnpaths
