#include "training/topology/effective_neighbours.hpp"

#include "base/random_stream.hpp"
#include "training/topology/gossip_matrix.hpp"

#include <Eigen/Eigenvalues>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace attnpaths {
namespace {

TEST(EffectiveNeighbours, AgreeWithTheFormulaInEigenvalues) {
    for (const char* topology : {"ring", "torus", "exponential", "complete"})
        for (const double gamma : {0.0, 0.3, 0.9, 0.999}) {
            const Matrix W = gossip_matrix(topology, 12);
            const Eigen::SelfAdjointEigenSolver<Matrix> solver(W);
            const Eigen::ArrayXd squares = solver.eigenvalues().array().square();
            EXPECT_NEAR(effective_neighbours(W, gamma),
                        1 / (squares * (1 - gamma) / (1 - gamma * squares)).mean(), 1e-9)
                << topology << gamma;
        }
}

TEST(EffectiveNeighbours, AreThoseHeardAtOnceOrAll) {
    const Matrix ring = gossip_matrix("ring", 16);
    EXPECT_NEAR(effective_neighbours(ring, 0), 3, 1e-12) << "nothing is remembered: rank and two neighbours";
    EXPECT_NEAR(effective_neighbours(ring, 1 - 1e-9), 16, 1e-4) << "nothing is forgotten: all";
    for (const double gamma : {0.0, 0.5, 0.999})
        EXPECT_NEAR(effective_neighbours(gossip_matrix("complete", 16), gamma), 16, 1e-9);
    EXPECT_NEAR(effective_neighbours(Matrix::Identity(16, 16), 0.9), 1, 1e-12) << "nobody hears anybody";
    double before = 0;
    for (const double gamma : {0.0, 0.5, 0.9, 0.99}) {
        EXPECT_GT(effective_neighbours(ring, gamma), before);
        before = effective_neighbours(ring, gamma);
    }
}

/// The definition: how much less a random walk with averaging spreads than one without.
TEST(EffectiveNeighbours, AreTheVarianceThatAveragingTakesFromARandomWalk) {
    constexpr Index ranks = 8;
    constexpr double gamma = 0.8;
    // Not symmetric: a rank hears from the next one only.
    Matrix W = Matrix::Zero(ranks, ranks);
    for (Index rank = 0; rank < ranks; ++rank) W(rank, rank) = W(rank, (rank + 1) % ranks) = 0.5;
    RandomStream random(1, "test", 0);
    Vector walk = Vector::Zero(ranks);
    double squares = 0;
    constexpr int steps = 200'000;
    for (int step = 0; step < steps; ++step) {
        Vector noise(ranks);
        for (double& element : noise) element = random.normal();
        walk = W * (std::sqrt(gamma) * walk + noise);
        squares += walk.squaredNorm() / ranks;
    }
    EXPECT_NEAR(1 / (1 - gamma) / (squares / steps), effective_neighbours(W, gamma), 0.05);
}

TEST(SpectralGap, IsThatOfTheRing) {
    for (const Index ranks : {3, 8, 16})
        EXPECT_NEAR(spectral_gap(gossip_matrix("ring", ranks)),
                    1 - (1 + 2 * std::cos(2 * std::numbers::pi / static_cast<double>(ranks))) / 3, 1e-12);
    EXPECT_NEAR(spectral_gap(gossip_matrix("complete", 8)), 1, 1e-12);
    EXPECT_NEAR(spectral_gap(Matrix::Identity(4, 4)), 0, 1e-12);
    EXPECT_EQ(spectral_gap(Matrix::Ones(1, 1)), 1);
}

TEST(DecayOf, IsWhatAStepLeavesOfASquaredDeviation) {
    EXPECT_NEAR(decay_of(0.1, 2), 0.64, 1e-12);
    EXPECT_NEAR(decay_of(0.9, 2), 0.64, 1e-12);
    EXPECT_TRUE(std::isnan(decay_of(1, 2)));
    EXPECT_TRUE(std::isnan(decay_of(0.1, -1))) << "not a valley";
}

}  // namespace
}  // namespace attnpaths
