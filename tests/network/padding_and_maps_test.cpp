// Padding, readout by index, attention that is given, and biases: all are the attention that they stand for.
#include "base/error.hpp"
#include "base/random_stream.hpp"
#include "network/attention.hpp"
#include "network/path_features.hpp"
#include "network/random_heads.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace attnpaths {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

constexpr Index width = 5;
constexpr Index tokens = 9;
constexpr Index examples = 40;
constexpr double infinity = std::numeric_limits<double>::infinity();

TokenSequences random_set(RandomStream& stream) {
    return {normal_matrix(stream, width, examples * tokens), tokens};
}

/// Lengths 1 to `tokens` in turn; the tokens stand at the end where `left` says that padding comes first.
TokenMask padding(bool left) {
    TokenMask mask(tokens, examples);
    for (Index example = 0; example < examples; ++example)
        for (Index token = 0; token < tokens; ++token)
            mask(left ? tokens - 1 - token : token, example) = token <= example % tokens;
    return mask;
}

/// The tokens of one example as a set without padding.
TokenSequences alone(const TokenSequences& set, Index example) {
    const std::vector<Index> positions = token_positions(set, example);
    return {set.x.middleCols(example * set.tokens, set.tokens)(Eigen::all, positions),
            static_cast<Index>(positions.size())};
}

/// Attention in memory as a file would hand it out.
class MapsInMemory : public AttentionMaps {
  public:
    MapsInMemory(Index step, std::vector<Index> heads, std::vector<std::vector<double>> values)
        : step_(step), heads_(std::move(heads)), values_(std::move(values)) {}
    [[nodiscard]] Index heads(std::size_t layer) const override { return heads_[layer]; }
    [[nodiscard]] Index examples_at_a_time() const override { return step_; }
    [[nodiscard]] std::vector<double> read(std::size_t layer, Index first, Index count) const override {
        const Index size = heads_[layer] * tokens * tokens;
        const auto begin = values_[layer].begin() + first * size;
        return {begin, begin + count * size};
    }

  private:
    Index step_;
    std::vector<Index> heads_;
    std::vector<std::vector<double>> values_;
};

/// What the heads attend to in every example, as maps; `outside` stands where there is padding.
std::shared_ptr<const AttentionMaps> maps_of(const TokenSequences& set, const HeadLayers& layers, Index step,
                                             double outside = 0) {
    std::vector<std::vector<double>> values(layers.size());
    std::vector<Index> heads;
    for (std::size_t layer = 0; layer < layers.size(); ++layer) {
        heads.push_back(static_cast<Index>(layers[layer].size()));
        for (Index example = 0; example < examples; ++example)
            for (const AttentionHead& head : layers[layer]) {
                const std::vector<Index> positions = token_positions(set, example);
                Matrix map = Matrix::Constant(tokens, tokens, outside);
                map(positions, positions) = attention(head, alone(set, example).x, AttentionKind::softmax);
                values[layer].insert(values[layer].end(), map.data(), map.data() + map.size());
            }
    }
    return std::make_shared<MapsInMemory>(step, heads, values);
}

HeadLayers empty_heads(const HeadLayers& layers) {
    HeadLayers empty;
    for (const std::vector<AttentionHead>& layer : layers) empty.emplace_back(layer.size());
    return empty;
}

class Readouts : public testing::TestWithParam<Readout> {};

TEST_P(Readouts, APaddedBatchEqualsItsExamplesAlone) {
    RandomStream stream(1, "padding", 0);
    TokenSequences set = random_set(stream);
    for (const Index inner : {0, 1, 20})
        for (const bool left : {false, true}) {
            const HeadLayers layers = random_heads(stream, {2, 3}, width, inner);
            set.mask = padding(left);
            const Matrix padded = path_features(set, layers, AttentionKind::softmax, GetParam());
            for (Index example = 0; example < examples; ++example)
                EXPECT_EQ(path_features(alone(set, example), layers, AttentionKind::softmax, GetParam()),
                          padded.row(example))
                    << "example " << example;
        }
}

TEST_P(Readouts, WhatStandsInThePaddingHasNoInfluence) {
    RandomStream stream(1, "padding", 1);
    TokenSequences set = random_set(stream);
    set.mask = padding(false);
    const HeadLayers layers = random_heads(stream, {2, 2}, width);
    const Matrix scores = path_features(set, layers, AttentionKind::softmax, GetParam());
    set.maps = maps_of(set, layers, 7);
    const Matrix maps = path_features(set, empty_heads(layers), AttentionKind::softmax, GetParam());
    EXPECT_LT((scores - maps).cwiseAbs().maxCoeff(), 1e-14);
    for (const double value : {0.0, -1e300, infinity, std::numeric_limits<double>::quiet_NaN()}) {
        TokenSequences other = set;
        for (Index column = 0; column < set.x.cols(); ++column)
            if (!set.mask(column % tokens, column / tokens)) other.x.col(column).setConstant(value);
        EXPECT_EQ(path_features(other, layers, AttentionKind::softmax, GetParam()), scores);
        other.maps = maps_of(set, layers, 7, value);
        EXPECT_EQ(path_features(other, empty_heads(layers), AttentionKind::softmax, GetParam()), maps);
    }
}

TEST_P(Readouts, MapsGiveTheFeaturesOfTheScoresThatTheyCameFrom) {
    RandomStream stream(1, "maps", 0);
    TokenSequences set = random_set(stream);
    const HeadLayers layers = random_heads(stream, {3, 2}, width, 4);
    const Matrix expected = path_features(set, layers, AttentionKind::softmax, GetParam());
    Matrix first;
    for (const Index step : {1, 7, 40, 1000}) {
        set.maps = maps_of(set, layers, step);
        const Matrix features = path_features(set, empty_heads(layers), AttentionKind::softmax, GetParam());
        EXPECT_LT((features - expected).cwiseAbs().maxCoeff(), 1e-14);
        if (first.size() == 0) first = features;
        EXPECT_EQ(features, first) << "in blocks of " << step;
    }
    // Layers may be of different forms, and fewer heads than the maps have can be asked for.
    HeadLayers mixed = empty_heads(layers);
    mixed[1] = layers[1];
    const Matrix half = path_features(set, mixed, AttentionKind::softmax, GetParam());
    EXPECT_LT((half - expected).cwiseAbs().maxCoeff(), 1e-14);
    const Matrix fewer =
        path_features(set, leading_heads(empty_heads(layers), {2, 1}), AttentionKind::softmax, GetParam());
    Matrix chosen(examples, 2 * width);
    chosen << first.leftCols(width), first.middleCols(2 * width, width);
    EXPECT_LT((fewer - chosen).cwiseAbs().maxCoeff(), 1e-14);
}

TEST_P(Readouts, SharedAttentionEqualsMapsThatAreTheSameForAll) {
    RandomStream stream(1, "shared", 0);
    TokenSequences set = random_set(stream);
    HeadLayers layers = random_heads(stream, {2, 2}, width);
    std::vector<std::vector<double>> values(2);
    for (std::size_t layer = 0; layer < 2; ++layer) {
        std::vector<double> one;
        for (AttentionHead& head : layers[layer]) {
            head.attention = attention(head, set.x.leftCols(tokens), AttentionKind::softmax);
            head.W.resize(0, 0);
            one.insert(one.end(), head.attention.data(), head.attention.data() + head.attention.size());
        }
        for (Index example = 0; example < examples; ++example)
            values[layer].insert(values[layer].end(), one.begin(), one.end());
    }
    const Matrix shared = path_features(set, layers, AttentionKind::softmax, GetParam());
    set.maps = std::make_shared<MapsInMemory>(11, std::vector<Index>{2, 2}, values);
    EXPECT_EQ(path_features(set, empty_heads(layers), AttentionKind::softmax, GetParam()), shared);
    // A mask takes keys away and leaves the proportions of the others.
    set.mask = padding(true);
    const Matrix masked = path_features(set, layers, AttentionKind::softmax, GetParam());
    EXPECT_EQ(path_features(set, empty_heads(layers), AttentionKind::softmax, GetParam()), masked);
    EXPECT_GT((masked - shared).cwiseAbs().maxCoeff(), 1e-3);
}

TEST_P(Readouts, ACausalHeadEqualsMapsWithZeros) {
    RandomStream stream(1, "causal", 0);
    TokenSequences set = random_set(stream);
    HeadLayers layers = random_heads(stream, {2, 2}, width, 3);
    HeadLayers masked = layers;
    for (std::size_t layer = 0; layer < 2; ++layer)
        for (std::size_t head = 0; head < 2; ++head) {
            layers[layer][head].causal = true;
            Matrix& bias = masked[layer][head].bias;
            bias = Matrix::Zero(tokens, tokens);
            for (Index key = 0; key < tokens; ++key) bias.row(key).head(key).setConstant(-infinity);
        }
    for (const bool padded : {false, true}) {
        if (padded) set.mask = padding(true);
        const Matrix expected = path_features(set, layers, AttentionKind::softmax, GetParam());
        EXPECT_EQ(path_features(set, masked, AttentionKind::softmax, GetParam()), expected);
        set.maps = maps_of(set, layers, 9);
        const std::vector<double> map = set.maps->read(0, 0, 1);
        if (!padded) {
            EXPECT_EQ(map[1], 0) << "the first query must not see the second key";
        }
        EXPECT_LT((path_features(set, empty_heads(layers), AttentionKind::softmax, GetParam()) - expected)
                      .cwiseAbs()
                      .maxCoeff(),
                  1e-14);
    }
}

INSTANTIATE_TEST_SUITE_P(All, Readouts, testing::Values(Readout::average, Readout::first, Readout::last));

TEST(Biases, OfPositionsAreAddedToScores) {
    RandomStream stream(1, "bias", 0);
    const Matrix x = normal_matrix(stream, width, tokens);
    AttentionHead head = random_heads(stream, {1}, width, 3)[0][0];
    const Matrix scores = (head.key * x).transpose() * (head.query * x) / std::sqrt(3.0);
    const auto softmax = [](Matrix of) {
        of = of.array().exp();
        for (auto column : of.colwise()) column /= column.sum();
        return of;
    };
    AttentionHead biased = head;
    biased.bias = normal_matrix(stream, tokens, tokens);
    EXPECT_TRUE(attention(biased, x, AttentionKind::softmax).isApprox(softmax(scores + biased.bias), 1e-13));

    AttentionHead relative = head;
    relative.relative_bias = normal_matrix(stream, 2 * tokens - 1, 1);
    Matrix full(tokens, tokens);
    for (Index key = 0; key < tokens; ++key)
        for (Index query = 0; query < tokens; ++query)
            full(key, query) = relative.relative_bias(key - query + tokens - 1);
    EXPECT_TRUE(attention(relative, x, AttentionKind::softmax).isApprox(softmax(scores + full), 1e-13));

    AttentionHead shifted = head;
    shifted.key_bias = normal_matrix(stream, 3, 1);
    shifted.query_bias = normal_matrix(stream, 3, 1);
    const Matrix keys = (head.key * x).colwise() + shifted.key_bias;
    const Matrix queries = (head.query * x).colwise() + shifted.query_bias;
    EXPECT_TRUE(attention(shifted, x, AttentionKind::softmax)
                    .isApprox(softmax(keys.transpose() * queries / std::sqrt(3.0)), 1e-13));
    EXPECT_FALSE(attention(shifted, x, AttentionKind::softmax).isApprox(softmax(scores), 1e-3));
}

TEST(Biases, PaddingBeforeTheTokensLeavesTheirPlaces) {
    RandomStream stream(1, "bias", 1);
    TokenSequences set = random_set(stream);
    set.mask = padding(true);
    HeadLayers layers = random_heads(stream, {2}, width);
    for (AttentionHead& head : layers[0]) head.bias = normal_matrix(stream, tokens, tokens);
    const Matrix features = path_features(set, layers, AttentionKind::softmax, Readout::average);
    for (Index example = 0; example < examples; ++example) {
        const std::vector<Index> positions = token_positions(set, example);
        HeadLayers own = layers;
        for (AttentionHead& head : own[0]) head.bias = Matrix(head.bias(positions, positions));
        EXPECT_EQ(path_features(alone(set, example), own, AttentionKind::softmax, Readout::average),
                  features.row(example));
    }
}

TEST(ReadoutByIndex, TakesTheTokenThatTheExampleNames) {
    RandomStream stream(1, "index", 0);
    TokenSequences set = random_set(stream);
    set.mask = padding(true);
    const HeadLayers layers = random_heads(stream, {2, 2}, width, 3);
    for (Index example = 0; example < examples; ++example) set.readout.push_back(tokens - 1);
    EXPECT_EQ(path_features(set, layers, AttentionKind::softmax, Readout::index),
              path_features(set, layers, AttentionKind::softmax, Readout::last));
    for (Index example = 0; example < examples; ++example)
        set.readout[static_cast<std::size_t>(example)] = token_positions(set, example).front();
    EXPECT_EQ(path_features(set, layers, AttentionKind::softmax, Readout::index),
              path_features(set, layers, AttentionKind::softmax, Readout::first));
    set.readout[3] = 0;  // padding
    EXPECT_THAT([&] { path_features(set, layers, AttentionKind::softmax, Readout::index); },
                ThrowsMessage<DataError>(HasSubstr("example 3 is read out at token 0")));
}

TEST(GivenAttention, WithoutAnyKeyIsNamed) {
    RandomStream stream(1, "no key", 0);
    TokenSequences set = random_set(stream);
    HeadLayers layers = random_heads(stream, {1}, width);
    layers[0][0].bias = Matrix::Zero(tokens, tokens);
    layers[0][0].bias.col(4).setConstant(-infinity);
    EXPECT_THAT([&] { path_features(set, layers, AttentionKind::softmax, Readout::average); },
                ThrowsMessage<DataError>(HasSubstr("a query of example 0 (counted from 0) has no key")));
    layers[0][0] = {};
    layers[0][0].attention = Matrix::Identity(tokens, tokens);
    layers[0][0].attention(2, 2) = 0;
    EXPECT_THAT([&] { path_features(set, layers, AttentionKind::softmax, Readout::average); },
                ThrowsMessage<DataError>(HasSubstr("attends to none of its tokens")));
    set.mask = TokenMask::Constant(tokens, examples, true);
    set.mask.col(6).setConstant(false);
    EXPECT_THAT([&] { path_features(set, layers, AttentionKind::softmax, Readout::average); },
                ThrowsMessage<DataError>(HasSubstr("example 6 (counted from 0) has no token")));
}

}  // namespace
}  // namespace attnpaths
