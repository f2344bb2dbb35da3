#pragma once

#include "network/attention.hpp"

#include <cmath>

namespace attnpaths {

/// Attention by its definition, one number at a time.
inline Matrix naive_attention(const AttentionHead& head, const Matrix& x, AttentionKind kind) {
    const Index tokens = x.cols();
    Matrix omega(tokens, tokens);
    for (Index query = 0; query < tokens; ++query) {
        Vector score(tokens);
        for (Index key = 0; key < tokens; ++key)
            score(key) = head.W.size() > 0 ? x.col(key).dot(head.W * x.col(query))
                                           : (head.key * x.col(key)).dot(head.query * x.col(query)) /
                                                 std::sqrt(head.key.rows());
        if (kind == AttentionKind::softmax) {
            const double largest = score.maxCoeff();
            double sum = 0;
            for (Index key = 0; key < tokens; ++key) sum += std::exp(score(key) - largest);
            for (Index key = 0; key < tokens; ++key) omega(key, query) = std::exp(score(key) - largest) / sum;
        } else {
            Index best = 0;
            score.maxCoeff(&best);
            omega.col(query).setZero();
            omega(best, query) = 1;
        }
    }
    return omega;
}

}  // namespace attnpaths
