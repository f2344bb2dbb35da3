#include "network/path_features.hpp"

#include "base/error.hpp"
#include "base/random_stream.hpp"
#include "network/naive_attention.hpp"
#include "network/random_heads.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace attnpaths {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

double root(Index value) {
    return std::sqrt(static_cast<double>(value));
}

struct Weights {
    Matrix V0;
    std::vector<std::vector<Matrix>> V;
    Vector a;
};

Weights random_weights(RandomStream& stream, const std::vector<Index>& heads, Index input_width) {
    Weights weights;
    Index width = 4;  // N_1; the next layers have other widths
    weights.V0 = normal_matrix(stream, width, input_width);
    for (const Index count : heads) {
        weights.V.emplace_back();
        for (Index head = 0; head < count; ++head)
            weights.V.back().push_back(normal_matrix(stream, width + 1, width));
        ++width;
    }
    weights.a = normal_matrix(stream, width, 1);
    return weights;
}

/// The network's output token by token, with all attention matrices in full.
double naive_output(const Weights& weights, const HeadLayers& layers, const Matrix& x, AttentionKind kind,
                    Readout readout) {
    Matrix z = weights.V0 * x / root(x.rows());
    for (std::size_t layer = 0; layer < layers.size(); ++layer) {
        Matrix next = Matrix::Zero(weights.V[layer][0].rows(), x.cols());
        for (std::size_t head = 0; head < layers[layer].size(); ++head)
            next += weights.V[layer][head] * z * naive_attention(layers[layer][head], x, kind);
        z = next / root(static_cast<Index>(layers[layer].size()) * z.rows());
    }
    const Vector read = readout == Readout::average ? Vector(z.rowwise().mean())
                        : readout == Readout::first ? Vector(z.col(0))
                                                    : Vector(z.rightCols(1));
    return weights.a.dot(read) / root(weights.a.size());
}

/// The same output as a sum over paths.
double output_from_paths(const Weights& weights, const std::vector<Index>& heads, const Vector& xi,
                         Index input_width) {
    double output = 0;
    for (Index path = 0; path < path_count(heads); ++path) {
        Vector z = weights.V0 * xi.segment(path * input_width, input_width) / root(input_width);
        const std::vector<Index> chosen = path_heads(path, heads);
        for (std::size_t layer = 0; layer < heads.size(); ++layer) {
            const double scale = root(heads[layer] * z.size());
            z = weights.V[layer][static_cast<std::size_t>(chosen[layer])] * z / scale;
        }
        output += weights.a.dot(z) / root(weights.a.size());
    }
    return output;
}

struct NetworkCase {
    std::vector<Index> heads;
    Index inner;
};

void PrintTo(const NetworkCase& network, std::ostream* out) {
    *out << "heads " << testing::PrintToString(network.heads) << ", G " << network.inner;
}

class PathFeatures : public testing::TestWithParam<std::tuple<NetworkCase, AttentionKind, Readout>> {};

TEST_P(PathFeatures, DetermineTheOutputOfTheNetwork) {
    const auto& [network, kind, readout] = GetParam();
    constexpr Index width = 5;
    constexpr Index tokens = 6;
    constexpr Index examples = 40;  // more than one block
    RandomStream stream(1, "network", network.heads.size());
    const HeadLayers layers = random_heads(stream, network.heads, width, network.inner);
    const Weights weights = random_weights(stream, network.heads, width);
    const Matrix x = normal_matrix(stream, width, examples * tokens);
    const Matrix xi = path_features({x, tokens}, layers, kind, readout);
    ASSERT_EQ(xi.rows(), examples);
    ASSERT_EQ(xi.cols(), width * path_count(network.heads));
    for (Index example = 0; example < examples; ++example) {
        const double expected =
            naive_output(weights, layers, x.middleCols(example * tokens, tokens), kind, readout);
        const double actual = output_from_paths(weights, network.heads, xi.row(example), width);
        EXPECT_NEAR(actual, expected, 1e-12 * (1 + std::abs(expected))) << "example " << example;
    }
}

TEST_P(PathFeatures, AreProductsOfAttentionMatrices) {
    const auto& [network, kind, readout] = GetParam();
    constexpr Index width = 4;
    constexpr Index tokens = 7;
    RandomStream stream(2, "network", network.heads.size());
    const HeadLayers layers = random_heads(stream, network.heads, width, network.inner);
    const Matrix x = normal_matrix(stream, width, tokens);
    const Matrix xi = path_features({x, tokens}, layers, kind, readout);
    for (Index path = 0; path < path_count(network.heads); ++path) {
        const std::vector<Index> chosen = path_heads(path, network.heads);
        Matrix product = x;
        for (std::size_t layer = 0; layer < layers.size(); ++layer)
            product *= naive_attention(layers[layer][static_cast<std::size_t>(chosen[layer])], x, kind);
        const Vector read = readout == Readout::average ? Vector(product.rowwise().mean())
                            : readout == Readout::first ? Vector(product.col(0))
                                                        : Vector(product.rightCols(1));
        EXPECT_LT((xi.middleCols(path * width, width).transpose() - read).cwiseAbs().maxCoeff(), 1e-12)
            << "path " << path;
    }
}

INSTANTIATE_TEST_SUITE_P(
    DepthsHeadsReadouts, PathFeatures,
    testing::Combine(testing::Values(NetworkCase{{1}, 0}, NetworkCase{{3}, 2}, NetworkCase{{2, 2}, 0},
                                     NetworkCase{{2, 3, 1}, 0}, NetworkCase{{2, 3, 1}, 3},
                                     NetworkCase{{2, 1, 3, 2}, 0}, NetworkCase{{1, 1, 1, 1}, 6}),
                     testing::Values(AttentionKind::softmax, AttentionKind::hardmax),
                     testing::Values(Readout::average, Readout::first, Readout::last)));

TEST(PathFeaturesOfASet, PermutingHeadsPermutesPaths) {
    RandomStream stream(1, "permutation", 0);
    const std::vector<Index> heads{2, 3};
    HeadLayers layers = random_heads(stream, heads, 5);
    const Matrix x = normal_matrix(stream, 5, 3 * 4);
    const Matrix before = path_features({x, 4}, layers, AttentionKind::softmax, Readout::average);
    std::swap(layers[0][0], layers[0][1]);
    std::rotate(layers[1].begin(), layers[1].begin() + 1, layers[1].end());  // new head h is old head h + 1
    const Matrix after = path_features({x, 4}, layers, AttentionKind::softmax, Readout::average);
    for (Index path = 0; path < 6; ++path) {
        const std::vector<Index> chosen = path_heads(path, heads);
        const Index old = path_index({1 - chosen[0], (chosen[1] + 1) % 3}, heads);
        EXPECT_LT((after.middleCols(path * 5, 5) - before.middleCols(old * 5, 5)).cwiseAbs().maxCoeff(),
                  1e-14);
    }
}

TEST(PathFeaturesOfASet, OneTokenAttendsItself) {
    RandomStream stream(1, "one token", 0);
    const HeadLayers layers = random_heads(stream, {2, 2}, 3);
    const Matrix x = normal_matrix(stream, 3, 50);
    const Matrix xi = path_features({x, 1}, layers, AttentionKind::softmax, Readout::last);
    for (Index path = 0; path < 4; ++path) EXPECT_EQ(xi.middleCols(path * 3, 3), x.transpose());
}

struct SizeCase {
    Index width;
    Index inner;
    Index tokens;
    std::vector<Index> heads;
};

void PrintTo(const SizeCase& size, std::ostream* out) {
    *out << "N0 " << size.width << ", G " << size.inner << ", tokens " << size.tokens << ", heads "
         << testing::PrintToString(size.heads);
}

class SetIndependence : public testing::TestWithParam<SizeCase> {};

/// To the last bit: results must not depend on how many examples there are or in which order they stand.
TEST_P(SetIndependence, FeaturesOfAnExampleDoNotDependOnTheOthers) {
    const SizeCase& size = GetParam();
    constexpr Index examples = 100;
    RandomStream stream(1, "independence", 0);
    const HeadLayers layers = random_heads(stream, size.heads, size.width, size.inner);
    const Matrix x = normal_matrix(stream, size.width, examples * size.tokens);
    Matrix reversed(x.rows(), x.cols());
    for (Index example = 0; example < examples; ++example)
        reversed.middleCols(example * size.tokens, size.tokens) =
            x.middleCols((examples - 1 - example) * size.tokens, size.tokens);

    for (const Readout readout : {Readout::average, Readout::last}) {
        const Matrix all = path_features({x, size.tokens}, layers, AttentionKind::softmax, readout);
        const Matrix few = path_features({x.leftCols(37 * size.tokens), size.tokens}, layers,
                                         AttentionKind::softmax, readout);
        EXPECT_TRUE(few == all.topRows(37));
        const Matrix one = path_features({x.middleCols(61 * size.tokens, size.tokens), size.tokens}, layers,
                                         AttentionKind::softmax, readout);
        EXPECT_TRUE(one == all.row(61));
        const Matrix other_order =
            path_features({reversed, size.tokens}, layers, AttentionKind::softmax, readout);
        EXPECT_TRUE(other_order.colwise().reverse() == all);
    }
}

INSTANTIATE_TEST_SUITE_P(Sizes, SetIndependence,
                         testing::Values(SizeCase{1, 0, 1, {1}}, SizeCase{1, 0, 5, {2}},
                                         SizeCase{3, 1, 2, {2, 2}}, SizeCase{5, 0, 3, {2, 3}},
                                         SizeCase{5, 2, 31, {2, 3}}, SizeCase{9, 4, 7, {3}},
                                         SizeCase{17, 0, 9, {2, 2, 2}}, SizeCase{33, 8, 48, {4, 4}},
                                         SizeCase{100, 0, 13, {2, 2}}, SizeCase{231, 0, 31, {2, 2}},
                                         SizeCase{96, 64, 130, {1, 2}}, SizeCase{700, 0, 3, {2}},
                                         SizeCase{7, 0, 400, {2, 1}}));

TEST(PathFeaturesOfASet, BadHeadsAndTokensAreNamed) {
    RandomStream stream(1, "errors", 0);
    HeadLayers layers = random_heads(stream, {2, 2}, 4);
    Matrix x = normal_matrix(stream, 4, 3 * 5);
    const auto features = [&] { path_features({x, 5}, layers, AttentionKind::softmax, Readout::last); };
    EXPECT_NO_THROW(features());

    x(2, 8) = std::numeric_limits<double>::quiet_NaN();
    EXPECT_THAT(features, ThrowsMessage<DataError>(HasSubstr("x of example 1, feature 2, token 3 is nan")));
    x(2, 8) = 1e200;
    EXPECT_THAT(features, ThrowsMessage<DataError>(AllOf(HasSubstr("example 1"), HasSubstr("not finite"))));
    x(2, 8) = 0;

    EXPECT_THAT(
        [&] {
            path_features({x, 4}, layers, AttentionKind::softmax, Readout::last);
        },
        ThrowsMessage<DataError>(HasSubstr("do not make examples of 4 tokens")));
    layers[1][0].name = "copy";
    layers[1][0].W.resize(4, 3);
    EXPECT_THAT(features, ThrowsMessage<DataError>(
                              HasSubstr("layer 2 head 1 (\"copy\"): W is [4, 3], the tokens need [4, 4]")));
    layers[1][0].W.resize(0, 0);
    EXPECT_THAT(features, ThrowsMessage<DataError>(HasSubstr("has no weights")));
    layers[1][0].key = Matrix::Zero(2, 4);
    layers[1][0].query = Matrix::Zero(3, 4);
    EXPECT_THAT(features, ThrowsMessage<DataError>(HasSubstr("K is [2, 4] and Q is [3, 4]")));
    layers[1].clear();
    EXPECT_THAT(features, ThrowsMessage<DataError>(HasSubstr("layer 2 has no heads")));
    layers.clear();
    EXPECT_THROW(features(), DataError);
}

TEST(LeadingHeads, TakesTheFirstOfEachLayer) {
    RandomStream stream(1, "leading", 0);
    const HeadLayers layers = random_heads(stream, {3, 2, 2}, 4);
    const HeadLayers leading = leading_heads(layers, {2, 1});
    ASSERT_EQ(leading.size(), 2U);
    ASSERT_EQ(leading[0].size(), 2U);
    ASSERT_EQ(leading[1].size(), 1U);
    EXPECT_EQ(leading[0][1].W, layers[0][1].W);
    EXPECT_THAT(
        [&] {
            leading_heads(layers, {3, 3});
        },
        ThrowsMessage<UsageError>(AllOf(HasSubstr("heads = 3"), HasSubstr("layer 2"))));
    EXPECT_THAT(
        [&] {
            leading_heads(layers, {1, 1, 1, 1});
        },
        ThrowsMessage<UsageError>(HasSubstr("depth 4")));
    EXPECT_THROW(leading_heads(layers, {0}), UsageError);
}

}  // namespace
}  // namespace attnpaths
