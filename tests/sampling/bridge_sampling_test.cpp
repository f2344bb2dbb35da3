#include "sampling/bridge_sampling.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace attnpaths {
namespace {

/// exp(a + sum over directions of log densities of the logistic law), whose tails are heavier than normal:
/// its integral is exp(a).
constexpr double log_integral = -123.4;
constexpr Index dimension = 4;

Vector log_density(const Matrix& positions) {
    const auto x = positions.array();
    return log_integral + (-x.abs() - 2 * (-x.abs()).exp().log1p()).colwise().sum().transpose();
}

/// Autoregressive chains: of quantiles of normal ones.
std::vector<Matrix> logistic_chains(std::uint64_t index, double correlation) {
    RandomStream random(3, "test", index);
    std::vector<Matrix> chains(4, Matrix(dimension, 500));
    for (Matrix& chain : chains) {
        Vector state(dimension);
        for (double& element : state) element = random.normal();
        for (Index draw = 0; draw < chain.cols(); ++draw)
            for (Index i = 0; i < dimension; ++i) {
                state(i) =
                    correlation * state(i) + std::sqrt(1 - correlation * correlation) * random.normal();
                const double below = std::erfc(-state(i) / std::numbers::sqrt2) / 2;
                chain(i, draw) = std::log(below / (1 - below));
            }
    }
    return chains;
}

/// Without bias, and with honest errors, whatever the correlation between draws.
TEST(BridgeSampling, FindsAnIntegralThatIsKnown) {
    constexpr int times = 60;
    for (const double correlation : {0.0, 0.7}) {
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < times; ++i) {
            RandomStream random(4, "test", static_cast<std::uint64_t>(i));
            const BridgeEstimate estimate = bridge_sampling(
                logistic_chains(static_cast<std::uint64_t>(i), correlation), log_density, random);
            EXPECT_LT(estimate.error, 0.05);
            const double z = (estimate.log_integral - log_integral) / estimate.error;
            sum += z;
            squares += z * z;
        }
        EXPECT_LT(std::abs(sum / times), 0.6);
        EXPECT_GT(squares / times, 0.4);
        EXPECT_LT(squares / times, 2.2);
    }
}

}  // namespace
}  // namespace attnpaths
