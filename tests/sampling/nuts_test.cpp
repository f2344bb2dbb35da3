#include "sampling/nuts.hpp"

#include "sampling/diagnostics.hpp"

#include <Eigen/Dense>
#include <gtest/gtest.h>

#include <cmath>

namespace attnpaths {
namespace {

/// A correlated normal density with mean 1, 2, ..., d.
LogDensity correlated_normal(Index dimension) {
    Matrix precision = Matrix::Identity(dimension, dimension) * 2;
    for (Index i = 0; i + 1 < dimension; ++i) precision(i, i + 1) = precision(i + 1, i) = -0.8;
    const Vector mean = Vector::LinSpaced(dimension, 1, static_cast<double>(dimension));
    return {dimension, [precision, mean](const Vector& x, Vector& gradient) {
                gradient = -precision * (x - mean);
                return (x - mean).dot(gradient) / 2;
            }};
}

/// Draws of every coordinate, [draws, chains] each.
std::vector<Matrix> sample(const LogDensity& density, int chains, int warmup, int draws) {
    std::vector<Matrix> coordinates(static_cast<std::size_t>(density.dimension), Matrix(draws, chains));
    for (int chain = 0; chain < chains; ++chain) {
        Nuts nuts(density, Vector::Zero(density.dimension),
                  RandomStream(9, "test", static_cast<std::uint64_t>(chain)), {.warmup = warmup});
        while (nuts.is_warming_up()) nuts.transition();
        for (int draw = 0; draw < draws; ++draw) {
            nuts.transition();
            for (Index i = 0; i < density.dimension; ++i)
                coordinates[static_cast<std::size_t>(i)](draw, chain) = nuts.position()(i);
        }
    }
    return coordinates;
}

TEST(Nuts, HasTheMomentsOfACorrelatedNormal) {
    constexpr Index dimension = 5;
    const std::vector<Matrix> draws = sample(correlated_normal(dimension), 4, 500, 4000);
    Matrix precision = Matrix::Identity(dimension, dimension) * 2;
    for (Index i = 0; i + 1 < dimension; ++i) precision(i, i + 1) = precision(i + 1, i) = -0.8;
    const Matrix covariance = precision.inverse();
    for (Index i = 0; i < dimension; ++i) {
        const Matrix& x = draws[static_cast<std::size_t>(i)];
        EXPECT_LT(rhat(x), 1.01);
        EXPECT_GT(bulk_ess(x), 4000);
        const double mean = static_cast<double>(i + 1);
        EXPECT_LT(std::abs(x.mean() - mean) / mcse_mean(x), 4.5);
        for (Index j = 0; j <= i; ++j) {
            const Matrix product = (x.array() - mean) *
                                   (draws[static_cast<std::size_t>(j)].array() - static_cast<double>(j + 1));
            EXPECT_LT(std::abs(product.mean() - covariance(i, j)) / mcse_mean(product), 4.5) << i << ' ' << j;
        }
    }
}

/// A heavy, skew one-dimensional law, log x with x ~ Gamma(shape): the mean is the digamma function, E x =
/// shape.
TEST(Nuts, HasTheMeanOfALogGammaLaw) {
    constexpr double shape = 0.7;
    const LogDensity density{1, [](const Vector& t, Vector& gradient) {
                                 gradient = Vector::Constant(1, shape - std::exp(t(0)));
                                 return shape * t(0) - std::exp(t(0));
                             }};
    const Matrix draws = sample(density, 4, 500, 5000)[0];
    EXPECT_LT(std::abs(draws.mean() - (-1.2200235536979347)) / mcse_mean(draws), 4.5);  // digamma(0.7)
    const Matrix x = draws.array().exp();
    EXPECT_LT(std::abs(x.mean() - shape) / mcse_mean(x), 4.5);
}

TEST(Nuts, EqualStreamsGiveEqualChains) {
    const std::vector<Matrix> once = sample(correlated_normal(3), 2, 100, 50);
    const std::vector<Matrix> again = sample(correlated_normal(3), 2, 100, 50);
    for (std::size_t i = 0; i < once.size(); ++i) EXPECT_EQ(once[i], again[i]);
    EXPECT_NE(once[0].col(0), once[0].col(1));
}

TEST(Nuts, KeepsAGivenStepSizeWithoutWarmUp) {
    Nuts nuts(correlated_normal(3), Vector::Zero(3), RandomStream(1, "test", 0),
              {.warmup = 0, .step_size = 0.3});
    for (int step = 0; step < 20; ++step) nuts.transition();
    EXPECT_EQ(nuts.step_size(), 0.3);
}

/// Of many unknowns the turning criterion looks at some: those that it does not look at have the right law
/// too.
TEST(Nuts, HasTheLawOfUnknownsBeyondTheCriterionsSight) {
    constexpr Index dimension = 2500;  // every third is seen
    const Vector scale = Vector::LinSpaced(dimension, 0.3, 2);
    const LogDensity density{dimension, [&](const Vector& x, Vector& gradient) {
                                 gradient = -x.cwiseQuotient(scale.cwiseAbs2());
                                 return x.dot(gradient) / 2;
                             }};
    constexpr int draws = 300;
    Matrix seen(draws, 2);
    Matrix unseen(draws, 2);
    Vector sums = Vector::Zero(dimension);
    for (Index chain = 0; chain < 2; ++chain) {
        Nuts nuts(density, scale, RandomStream(5, "test", static_cast<std::uint64_t>(chain)),
                  {.warmup = 250, .metric = MetricKind::diagonal});
        while (nuts.is_warming_up()) nuts.transition();
        for (int draw = 0; draw < draws; ++draw) {
            nuts.transition();
            const Vector z = nuts.position().cwiseQuotient(scale);
            sums += z;
            const double all = z.squaredNorm();
            seen(draw, chain) = z(Eigen::seq(0, dimension - 1, 3)).squaredNorm();
            unseen(draw, chain) = all - seen(draw, chain);
        }
    }
    EXPECT_LT(rhat(seen), 1.05);
    EXPECT_LT(rhat(unseen), 1.05);
    EXPECT_LT(std::abs(seen.mean() - 834) / mcse_mean(seen), 4.5);
    EXPECT_LT(std::abs(unseen.mean() - 1666) / mcse_mean(unseen), 4.5);
    EXPECT_LT((sums / (2 * draws)).cwiseAbs().maxCoeff(), 0.3);
}

/// A cliff in the density makes trajectories diverge, and they are counted.
TEST(Nuts, ReportsDivergences) {
    const LogDensity cliff{1, [](const Vector& x, Vector& gradient) {
                               gradient = -x;
                               return x(0) > 0.5 ? -1e5 : -x(0) * x(0) / 2;
                           }};
    Nuts nuts(cliff, Vector::Zero(1), RandomStream(1, "test", 0), {.warmup = 0});
    int divergences = 0;
    for (int step = 0; step < 200; ++step) divergences += nuts.transition().divergent ? 1 : 0;
    EXPECT_GT(divergences, 0);
    EXPECT_LE(nuts.position()(0), 0.5);
}

}  // namespace
}  // namespace attnpaths
