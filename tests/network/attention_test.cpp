#include "network/attention.hpp"

#include "base/random_stream.hpp"
#include "network/naive_attention.hpp"
#include "network/random_heads.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace attnpaths {
namespace {

TEST(Attention, ColumnsAreDistributionsOverKeys) {
    RandomStream stream(1, "test", 0);
    const HeadLayers layers = random_heads(stream, {1}, 6);
    const Matrix x = normal_matrix(stream, 6, 9);
    for (const AttentionKind kind : {AttentionKind::softmax, AttentionKind::hardmax}) {
        const Matrix omega = attention(layers[0][0], x, kind);
        ASSERT_EQ(omega.rows(), 9);
        ASSERT_EQ(omega.cols(), 9);
        EXPECT_LT((omega.colwise().sum().array() - 1).abs().maxCoeff(), 1e-14);
        EXPECT_GE(omega.minCoeff(), 0);
        EXPECT_LT((omega - naive_attention(layers[0][0], x, kind)).cwiseAbs().maxCoeff(), 1e-13);
    }
}

TEST(Attention, HardmaxIsTheLimitOfSoftmaxAtLargeScores) {
    RandomStream stream(1, "test", 1);
    AttentionHead head = random_heads(stream, {1}, 5)[0][0];
    const Matrix x = normal_matrix(stream, 5, 12);
    const Matrix hard = attention(head, x, AttentionKind::hardmax);
    head.W *= 1e6;
    EXPECT_LT((attention(head, x, AttentionKind::softmax) - hard).cwiseAbs().maxCoeff(), 1e-12);
}

TEST(Attention, HardmaxTakesTheFirstOfEqualScores) {
    const AttentionHead head{"", Matrix::Zero(3, 3), {}, {}};
    const Matrix omega = attention(head, Matrix::Identity(3, 3), AttentionKind::hardmax);
    EXPECT_EQ(omega.row(0).sum(), 3);
}

TEST(Attention, SoftmaxOfHugeScoresDoesNotOverflow) {
    Matrix x(1, 2);
    x << 1, 2;
    const AttentionHead head{"", Matrix::Constant(1, 1, 1e300), {}, {}};
    const Matrix omega = attention(head, x, AttentionKind::softmax);
    EXPECT_EQ(omega(1, 0), 1);
    EXPECT_LT(omega(0, 0), 1e-300);
}

TEST(Attention, QueriesAndKeysEqualTheirProduct) {
    RandomStream stream(1, "test", 2);
    for (const Index inner : {1, 3, 20}) {
        const AttentionHead factors = random_heads(stream, {1}, 7, inner)[0][0];
        AttentionHead product;
        product.W = factors.key.transpose() * factors.query / std::sqrt(static_cast<double>(inner));
        const Matrix x = normal_matrix(stream, 7, 5);
        EXPECT_LT(
            (attention(factors, x, AttentionKind::softmax) - attention(product, x, AttentionKind::softmax))
                .cwiseAbs()
                .maxCoeff(),
            1e-13);
    }
}

}  // namespace
}  // namespace attnpaths
