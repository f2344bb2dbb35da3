#include "sampling/weight_posterior.hpp"

#include "sampling/run_chains.hpp"
#include "theory/random_problem.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace attnpaths {
namespace {

using testing::even_architecture;
using testing::normal_matrix;
using testing::RandomProblem;
using testing::uneven_architecture;

std::vector<Architecture> architectures() {
    std::vector<Architecture> result;
    for (const Index outputs : {1, 3})
        for (const auto& heads : std::vector<std::vector<Index>>{{1}, {3}, {2, 3}, {3, 1, 2}}) {
            result.push_back(uneven_architecture(heads, outputs));
            for (double& width : result.back().widths) width = std::floor(width / 4);
            result.back().readout_width = 11;
        }
    return result;
}

/// The value as the network's definition gives it, one matrix product after the other.
TEST(WeightPosterior, ValueIsPriorTimesLikelihood) {
    for (const Architecture& architecture : architectures()) {
        const RandomProblem problem{9, 5, architecture};
        WeightPosterior posterior(architecture, problem.features(), problem.targets(), 0.4);
        const Vector x = normal_matrix(posterior.layout().dimension(), 1, 2);
        const NetworkWeights weights = posterior.layout().unpack(x);
        const Matrix f = network_output(problem.features(), weights);
        const double expected = -x.squaredNorm() / 2 - (problem.targets() - f).squaredNorm() / (2 * 0.4);
        Vector gradient;
        EXPECT_NEAR(posterior.value_and_gradient(x, gradient), expected, 1e-12 * std::abs(expected));
        const WeightPosterior::Network network = posterior.network(x);
        EXPECT_LT((problem.features() * network.input_weights - f).norm(), 1e-13 * f.norm());
        const Matrix U = path_order_parameter(weights);
        EXPECT_LT((network.path_order_parameter - U).norm(), 1e-13 * U.norm());
    }
}

TEST(WeightPosterior, GradientMatchesFiniteDifferences) {
    constexpr double step = 1e-5;
    for (const Architecture& architecture : architectures()) {
        const RandomProblem problem{5, 3, architecture};
        WeightPosterior posterior(architecture, problem.features(), problem.targets(), 0.4);
        Vector x = normal_matrix(posterior.layout().dimension(), 1, 2);
        Vector gradient;
        Vector ignored;
        posterior.value_and_gradient(x, gradient);
        for (const WeightLayout::Block& block : posterior.layout().blocks()) {
            const double scale = WeightLayout::segment(block, gradient).cwiseAbs().maxCoeff();
            for (Index i = block.offset; i < block.offset + block.size(); ++i) {
                const double kept = x(i);
                x(i) = kept + step;
                const double above = posterior.value_and_gradient(x, ignored);
                x(i) = kept - step;
                const double below = posterior.value_and_gradient(x, ignored);
                x(i) = kept;
                ASSERT_NEAR(gradient(i), (above - below) / (2 * step), 1e-6 * scale);
            }
        }
    }
}

TEST(WeightPosterior, OverflowIsNoDensityAndLeavesTheGradientAlone) {
    const RandomProblem problem{5, 3, uneven_architecture({2, 2}, 1)};
    WeightPosterior posterior(problem.architecture, problem.features(), problem.targets(), 0.4);
    Vector gradient = Vector::Constant(2, 7);
    const Vector far = Vector::Constant(posterior.layout().dimension(), 1e100);
    EXPECT_EQ(posterior.value_and_gradient(far, gradient), -std::numeric_limits<double>::infinity());
    EXPECT_EQ(gradient, Vector::Constant(2, 7));
}

TEST(WeightPosterior, ChainsOverTheWeightsSatisfyTheIdentityOfEveryLayer) {
    constexpr double temperature = 0.3;
    Architecture architecture = even_architecture({2}, 3);
    architecture.variances.layers = {1.4};
    architecture.variances.input = 0.8;
    const RandomProblem problem{5, 3, architecture};
    const Matrix features = problem.features();
    const Matrix targets = problem.targets();
    WeightPosterior posterior(architecture, features, targets, temperature);
    const std::vector<Matrix> tables =
        testing::run_chains(posterior.log_density(), 4, 300, 2500, [&](const Vector& x) {
            const Matrix f = features * posterior.network(x).input_weights;
            return testing::layer_identities(posterior.layout(), x, f, targets, temperature);
        });
    ASSERT_EQ(tables.size(), 3U);
    for (const Matrix& identity : tables) {
        EXPECT_LT(rhat(identity), 1.01);
        EXPECT_LT(std::abs(testing::z_score(identity)), 4.5);
    }
}

}  // namespace
}  // namespace attnpaths
