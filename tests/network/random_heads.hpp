#pragma once

#include "base/random_stream.hpp"
#include "network/attention.hpp"

#include <vector>

namespace attnpaths {

/// A matrix of independent normal elements of standard deviation `scale`.
inline Matrix normal_matrix(RandomStream& stream, Index rows, Index columns, double scale = 1) {
    return Matrix::NullaryExpr(rows, columns, [&](Index, Index) { return scale * stream.normal(); });
}

/// Heads of normal weights: one W each, or, where `inner` > 0, keys and queries of so many rows.
inline HeadLayers random_heads(RandomStream& stream, const std::vector<Index>& heads, Index width,
                               Index inner = 0) {
    HeadLayers layers;
    for (const Index count : heads) {
        layers.emplace_back();
        for (Index head = 0; head < count; ++head) {
            AttentionHead weights;
            if (inner > 0) {
                weights.key = normal_matrix(stream, inner, width);
                weights.query = normal_matrix(stream, inner, width);
            } else {
                weights.W = normal_matrix(stream, width, width, 0.5);
            }
            layers.back().push_back(weights);
        }
    }
    return layers;
}

}  // namespace attnpaths
