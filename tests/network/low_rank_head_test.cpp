#include "network/low_rank_head.hpp"

#include "network/path_feature_error.hpp"
#include "network/path_features.hpp"
#include "network/random_heads.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace attnpaths {
namespace {

constexpr Index token_width = 40;

AttentionHead head_of_rank(Index rank) {
    RandomStream stream(1, "low-rank-head-test", static_cast<std::uint64_t>(rank));
    AttentionHead head;
    head.W = normal_matrix(stream, token_width, rank) * normal_matrix(stream, rank, token_width);
    head.causal = true;
    return head;
}

Matrix weights_of(const AttentionHead& head) {
    return head.key.transpose() * head.query / std::sqrt(static_cast<double>(head.key.rows()));
}

TEST(LowRankHead, IsAProductOfAsManyRowsAsTheRank) {
    for (const Index rank : {1, 3, 10}) {
        const AttentionHead head = head_of_rank(rank);
        const AttentionHead factored = low_rank_head(head);
        EXPECT_EQ(factored.W.size(), 0);
        EXPECT_EQ(factored.key.rows(), rank);
        EXPECT_TRUE(factored.causal);
        EXPECT_LT((weights_of(factored) - head.W).norm(), 1e-14 * head.W.norm());
    }
}

/// Blocks of zeros, as of heads that look at places alone, and a corner that is none.
TEST(LowRankHead, IsFoundWhereverTheRankStands) {
    AttentionHead head;
    head.W = Matrix::Zero(token_width, token_width);
    EXPECT_EQ(low_rank_head(head).key.rows(), 1);
    EXPECT_TRUE(weights_of(low_rank_head(head)).isZero(0));
    head.W.bottomRightCorner(8, 8) = Matrix::Identity(8, 8);
    const AttentionHead factored = low_rank_head(head);
    EXPECT_EQ(factored.key.rows(), 8);
    EXPECT_LT((weights_of(factored) - head.W).norm(), 1e-15);
    head.W.topLeftCorner(20, 20) = Matrix::Identity(20, 20);
    EXPECT_EQ(low_rank_head(head).W, head.W);
}

TEST(LowRankHead, StaysAsItIsOtherwise) {
    for (const Index rank : {11, 39, 40})
        EXPECT_EQ(low_rank_head(head_of_rank(rank)).W, head_of_rank(rank).W);
    AttentionHead damaged = head_of_rank(2);
    damaged.W(3, 4) = std::numeric_limits<double>::quiet_NaN();
    EXPECT_EQ(low_rank_head(damaged).key.size(), 0);
    AttentionHead tiny;
    tiny.W = Matrix::Ones(3, 3);
    EXPECT_EQ(low_rank_head(tiny).W, tiny.W);
    RandomStream stream(1, "low-rank-head-test", 0);
    const AttentionHead factors = random_heads(stream, {1}, token_width, 3)[0][0];
    EXPECT_EQ(low_rank_head(factors).key, factors.key);
    // Keys of equal scores stay equal.
    const HeadLayers uniform = {{head_of_rank(1)}};
    EXPECT_EQ(low_rank_heads(uniform, AttentionKind::hardmax)[0][0].W, uniform[0][0].W);
}

TEST(LowRankHead, GivesTheSameFeaturesUpToTheirError) {
    RandomStream stream(2, "low-rank-head-test", 0);
    const HeadLayers layers = {{head_of_rank(3), head_of_rank(40)}, {head_of_rank(1)}};
    TokenSequences set;
    set.tokens = 7;
    set.x = normal_matrix(stream, token_width, 5 * set.tokens, 0.3);
    const HeadLayers factored = low_rank_heads(layers, AttentionKind::softmax);
    EXPECT_EQ(factored[0][0].W.size(), 0);
    EXPECT_GT(factored[0][1].W.size(), 0);
    const auto features = [&](const HeadLayers& heads) {
        return path_features(set, heads, AttentionKind::softmax, Readout::average);
    };
    const double error =
        path_feature_error(set, layers, AttentionKind::softmax, Readout::average, {0, 1, 2, 3, 4});
    const double largest = largest_token(set, {0, 1, 2, 3, 4});
    const double difference = (features(layers) - features(factored)).rowwise().norm().maxCoeff();
    EXPECT_LT(difference, 10 * error * largest);
    EXPECT_LT(difference, 1e-11);
}

}  // namespace
}  // namespace attnpaths
