#include "sampling/network_weights.hpp"

#include "base/error.hpp"
#include "sampling/weight_layout.hpp"
#include "theory/random_problem.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace attnpaths {
namespace {

using testing::normal_matrix;
using testing::RandomProblem;
using testing::uneven_architecture;

struct Case {
    std::vector<Index> heads;
    Index outputs;
};
const std::vector<Case> cases{{{3}, 1}, {{2}, 3}, {{2, 3}, 1}, {{3, 2}, 3}, {{2, 1, 3}, 1}, {{1, 2, 2}, 3}};

NetworkWeights prior_draw(const Architecture& architecture, Index input_width, std::uint64_t seed) {
    const WeightLayout layout(architecture, input_width);
    return layout.unpack(normal_matrix(layout.dimension(), 1, seed));
}

/// State of layer l (from 0, the embedding) that arrives over given heads of the layers above it, for one
/// path of one example: the recursion of theory section 2 written out, attention being in the path feature.
Vector state_over_path(const NetworkWeights& weights, const std::vector<Index>& chosen, std::size_t layer,
                       const Vector& path_feature) {
    if (layer == 0) return weights.V0 * path_feature / std::sqrt(static_cast<double>(weights.V0.cols()));
    const std::vector<Matrix>& heads = weights.V[layer - 1];
    const Matrix& V = heads[static_cast<std::size_t>(chosen[layer - 1])];
    return V * state_over_path(weights, chosen, layer - 1, path_feature) /
           std::sqrt(static_cast<double>(heads.size()) * static_cast<double>(V.cols()));
}

TEST(NetworkWeights, OutputIsTheLayerRecursionSummedOverHeads) {
    for (const auto& [heads, outputs] : cases) {
        const Architecture architecture = uneven_architecture(heads, outputs);
        const RandomProblem problem{7, 5, architecture};
        const NetworkWeights weights = prior_draw(architecture, problem.input_width, 3);
        const Matrix features = problem.features();
        Matrix expected = Matrix::Zero(problem.examples, outputs);
        for (Index example = 0; example < problem.examples; ++example)
            for (Index path = 0; path < architecture.paths(); ++path) {
                const Vector xi =
                    features.row(example).segment(path * problem.input_width, problem.input_width);
                expected.row(example) +=
                    state_over_path(weights, path_heads(path, heads), heads.size(), xi).transpose() *
                    weights.a / std::sqrt(architecture.readout_width);
            }
        const Matrix f = network_output(features, weights);
        EXPECT_LT((f - expected).norm(), 1e-13 * expected.norm()) << heads.size() << ' ' << outputs;
    }
}

/// f is linear in V0, so its prior covariance over V0 is sigma_0^2 J J', and that is K(U_1).
TEST(NetworkWeights, CovarianceOverTheInputWeightsIsThePathKernel) {
    for (const auto& [heads, outputs] : cases) {
        const Architecture architecture = uneven_architecture(heads, outputs);
        const RandomProblem problem{6, 4, architecture};
        NetworkWeights weights = prior_draw(architecture, problem.input_width, 4);
        const Matrix features = problem.features();
        Matrix jacobian(problem.examples * outputs, weights.V0.size());
        for (Index i = 0; i < weights.V0.size(); ++i) {
            weights.V0.setZero();
            weights.V0.reshaped()(i) = 1;
            jacobian.col(i) = network_output(features, weights).reshaped();
        }
        Matrix kernel;
        problem.kernels().assemble(path_order_parameter(weights), kernel);
        const Matrix covariance = architecture.variances.input * jacobian * jacobian.transpose();
        const Matrix difference = (covariance - kernel).triangularView<Eigen::Lower>();
        EXPECT_LT(difference.cwiseAbs().maxCoeff(), 1e-12 * covariance.cwiseAbs().maxCoeff());
    }
}

TEST(WeightLayout, UnpackAndPackAreInverse) {
    for (const auto& [heads, outputs] : cases) {
        const Architecture architecture = uneven_architecture(heads, outputs);
        const WeightLayout layout(architecture, 5);
        EXPECT_EQ(static_cast<double>(layout.dimension()) * sizeof(double), weight_bytes(architecture, 5));
        const Vector position = normal_matrix(layout.dimension(), 1, 5);
        EXPECT_LT((layout.pack(layout.unpack(position)) - position).cwiseAbs().maxCoeff(), 1e-14);
    }
}

TEST(WeightLayout, BlocksAreTheHeadsSideBySide) {
    const Architecture architecture = uneven_architecture({2, 3}, 1);
    const WeightLayout layout(architecture, 5);
    const Vector position = normal_matrix(layout.dimension(), 1, 6);
    const NetworkWeights weights = layout.unpack(position);
    const WeightLayout::Block& block = layout.layer(1);
    Matrix heads(block.rows, block.columns);
    heads << weights.V[1][0], weights.V[1][1], weights.V[1][2];
    EXPECT_EQ(heads, block.sigma * WeightLayout::view(block, position));
    EXPECT_EQ(block.sigma * block.sigma, architecture.variances.layers[1]);
}

TEST(WeightLayout, RefusesWhatDoesNotFitOrIsNoWidth) {
    Architecture architecture = testing::even_architecture({2, 2}, 1e7);
    EXPECT_THROW(WeightLayout(architecture, 231), UsageError);
    architecture.widths = {10, 10.5};
    architecture.readout_width = 10;
    EXPECT_THROW(WeightLayout(architecture, 231), UsageError);
    architecture.widths = {10, 10};
    const double bytes = weight_bytes(architecture, 231);
    EXPECT_NO_THROW(WeightLayout(architecture, 231, bytes));
    EXPECT_THROW(WeightLayout(architecture, 231, bytes - 1), UsageError);
}

}  // namespace
}  // namespace attnpaths
