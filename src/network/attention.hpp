#pragma once

#include "network/attention_head.hpp"
#include "network/token_block.hpp"

#include <memory>

namespace attnpaths {

template <class Scalar>
using MatrixOf = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>;

/// Attention of one layer. For every block and head, `select` comes before `omega`.
/// @tparam Scalar  double, or long double for attention with errors far below the rounding of a double
template <class Scalar>
class AttentionSource {
  public:
    AttentionSource() = default;
    virtual ~AttentionSource() = default;
    AttentionSource(const AttentionSource&) = delete;
    AttentionSource& operator=(const AttentionSource&) = delete;

    virtual void select(const TokenBlock& block, Index head) = 0;
    /// Omega(s, t) of an example of the block, t running over all queries or the one that is read out,
    /// [T, T] or [T, 1]; columns sum to 1.
    /// @throws DataError naming head and example if there is no such attention
    virtual void omega(Index example, MatrixOf<Scalar>& omega) = 0;
};

/// What a source works for.
struct LayerSetting {
    std::size_t layer;   ///< counted from 0
    AttentionKind kind;  ///< of scores
    Index tokens;        ///< T of the blocks that are to come
    bool single_query;   ///< whether the query that is read out is all that is needed
};

/// Examples of a layer's attention maps that were read.
struct MapBlock {
    Index first = 0;  ///< number of the first example
    Index heads = 0;
    Index tokens = 0;
    std::vector<double> values;  ///< [examples, heads, queries, keys]
};

/// The one way from what the heads of a layer hold to its attention: scores, biases, masks, softmax; or
/// attention as it is given, brought to column sums of 1.
/// @param maps  where heads hold nothing; must outlive the source, and hold the examples of every block
/// @throws DataError if heads of a layer do not fit one another
template <class Scalar>
std::unique_ptr<AttentionSource<Scalar>> make_attention_source(const std::vector<AttentionHead>& heads,
                                                               const LayerSetting& setting,
                                                               const MapBlock* maps);

/// Checks that a head fits tokens of width N0 in sequences of so many tokens.
/// @throws DataError naming the head, "layer 1 head 2"
void check_head(const AttentionHead& head, Index input_width, Index tokens, std::size_t layer,
                std::size_t number);

/// Attention Omega of one example and head with scores, column t a distribution over key tokens s (theory
/// section 2).
/// @param x [N0, T] tokens of the example
/// @returns [T, T], Omega(s, t); columns sum to 1
Matrix attention(const AttentionHead& head, const Eigen::Ref<const Matrix>& x, AttentionKind kind);

}  // namespace attnpaths
