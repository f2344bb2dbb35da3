#pragma once

#include "network/attention_head.hpp"

#include <span>

namespace attnpaths {

/// Whether scores of a head depend on where tokens stand, or some of them are masked.
bool has_position_bias(const AttentionHead& head);

/// Adds to scores what depends on the places of tokens alone; -inf where a key is masked.
/// @param scores   [keys, queries]
/// @param keys     positions of the keys in the sequence;  @param queries  of the queries
template <class Scalar>
void add_position_bias(const AttentionHead& head, std::span<const Index> keys, std::span<const Index> queries,
                       Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>& scores);

}  // namespace attnpaths
