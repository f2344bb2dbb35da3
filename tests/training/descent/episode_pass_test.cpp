#include "training/descent/episode_pass.hpp"

#include "training/path_gradient.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace attnpaths {
namespace {

template <class Scalar>
std::vector<Scalar> path_outputs(const SmallProblem& problem, const WeightVector<double>& weights) {
    WeightReduction<Scalar> reduction(problem.layout, problem.constants);
    EffectiveNetwork<Scalar> network(problem.shape, problem.constants);
    EpisodePass<Scalar> pass(problem.shape, problem.constants);
    std::vector<Scalar> outputs(problem.episodes.size());
    reduction.forward(weights.cast<Scalar>(), network);
    pass.forward(network, problem.tokens, problem.episodes, outputs);
    return outputs;
}

/// Mean loss of the path form.
double loss(const SmallProblem& problem, const WeightVector<double>& weights) {
    const std::vector<double> outputs = path_outputs<double>(problem, weights);
    double sum = 0;
    for (std::size_t i = 0; i < outputs.size(); ++i)
        sum += (outputs[i] - problem.episodes[i].target) * (outputs[i] - problem.episodes[i].target);
    return sum / static_cast<double>(outputs.size());
}

class Networks : public testing::TestWithParam<std::vector<Index>> {};

INSTANTIATE_TEST_SUITE_P(Heads, Networks,
                         testing::Values(std::vector<Index>{1}, std::vector<Index>{3},
                                         std::vector<Index>{2, 2}, std::vector<Index>{3, 1},
                                         std::vector<Index>{2, 1, 3}, std::vector<Index>{1, 2, 2, 1}));

TEST_P(Networks, PathFormIsTheTokenByTokenForm) {
    const SmallProblem problem(GetParam());
    const std::vector<double> outputs = path_outputs<double>(problem, problem.weights);
    const std::vector<float> single = path_outputs<float>(problem, problem.weights);
    double largest = 0;
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        const double plain =
            plain_output(problem.layout, problem.weights, problem.tokens, problem.episodes[i]);
        EXPECT_NEAR(outputs[i], plain, 1e-6 * (1 + std::abs(plain)))
            << "episode " << i;  // tokens are 32-bit sums
        EXPECT_NEAR(static_cast<double>(single[i]), plain, 1e-5 * (1 + std::abs(plain))) << "episode " << i;
        largest = std::max(largest, std::abs(plain));
    }
    EXPECT_GT(largest, 0.01);
}

TEST_P(Networks, GradientIsTheSlopeOfTheLoss) {
    const SmallProblem problem(GetParam());
    const WeightVector<double> slopes = path_gradient<double>(problem, problem.weights);
    const double size = slopes.norm();
    WeightVector<double> direction(slopes.size());
    RandomStream random(1, "test/directions", 0);
    // One direction per matrix, so that each is tested by itself.
    for (const WeightBlock& block : problem.layout.blocks()) {
        direction.setZero();
        for (Index i = 0; i < block.size(); ++i) direction(block.offset + i) = random.normal();
        direction.normalize();
        constexpr double h = 1e-4;
        const double measured = (loss(problem, problem.weights + h * direction) -
                                 loss(problem, problem.weights - h * direction)) /
                                (2 * h);
        EXPECT_NEAR(slopes.dot(direction), measured, 1e-6 * size) << "matrix at " << block.offset;
        EXPECT_GT(slopes.segment(block.offset, block.size()).norm(), 1e-6 * size)
            << "matrix at " << block.offset;
    }
}

TEST_P(Networks, SinglePrecisionGradientIsCloseToDouble) {
    const SmallProblem problem(GetParam());
    const WeightVector<double> exact = path_gradient<double>(problem, problem.weights);
    const WeightVector<double> single = path_gradient<float>(problem, problem.weights).cast<double>();
    EXPECT_LT((single - exact).lpNorm<Eigen::Infinity>(), 1e-5 * exact.lpNorm<Eigen::Infinity>());
}

TEST(EpisodePass, TakesAnyPatchesAndChannels) {
    for (const PatchShape patch : {PatchShape{4, 1}, PatchShape{5, 2}, PatchShape{20, 3}}) {
        const SmallProblem problem({2, 2}, patch, 20);
        const std::vector<double> outputs = path_outputs<double>(problem, problem.weights);
        for (std::size_t i = 0; i < outputs.size(); ++i) {
            const double plain =
                plain_output(problem.layout, problem.weights, problem.tokens, problem.episodes[i]);
            EXPECT_NEAR(outputs[i], plain, 1e-6 * (1 + std::abs(plain)));
        }
    }
}

TEST(EpisodePass, OutputsDoNotDependOnTheCompany) {
    SmallProblem problem({2, 2});
    const std::vector<double> all = path_outputs<double>(problem, problem.weights);
    std::reverse(problem.episodes.begin(), problem.episodes.end());
    const std::vector<double> reversed = path_outputs<double>(problem, problem.weights);
    for (std::size_t i = 0; i < all.size(); ++i) EXPECT_NEAR(all[i], reversed[all.size() - 1 - i], 1e-12);
}

}  // namespace
}  // namespace attnpaths
