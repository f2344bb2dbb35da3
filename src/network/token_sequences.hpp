#pragma once

#include "network/architecture.hpp"

#include <map>
#include <memory>
#include <vector>

namespace attnpaths {

/// Which token of an example is a token and no padding, [tokens, P].
using TokenMask = Eigen::Matrix<bool, Eigen::Dynamic, Eigen::Dynamic>;

/// Attention that was computed elsewhere, for every example of a set, handed out a few examples at a time:
/// all of it together may be larger than memory.
class AttentionMaps {
  public:
    AttentionMaps() = default;
    virtual ~AttentionMaps() = default;
    AttentionMaps(const AttentionMaps&) = delete;
    AttentionMaps& operator=(const AttentionMaps&) = delete;

    /// H of a layer, counted from 0; 0 if the layer's attention does not come from here.
    [[nodiscard]] virtual Index heads(std::size_t layer) const = 0;
    /// How many examples are best read together.
    [[nodiscard]] virtual Index examples_at_a_time() const = 0;
    /// Examples first to first + count - 1, [count, H, queries, keys] with keys fastest; padding included.
    [[nodiscard]] virtual std::vector<double> read(std::size_t layer, Index first, Index count) const = 0;
};

/// The token sequences of P examples, brought to one length by padding. What stands in the padding has no
/// influence on anything.
struct TokenSequences {
    Matrix x;                      ///< [N0, P * tokens], the tokens of an example side by side
    Index tokens = 0;              ///< per example, padding included
    TokenMask mask{};              ///< [tokens, P]; empty if there is no padding
    std::vector<Index> readout{};  ///< [P] for Readout::index: the token of each example that is read out
    std::shared_ptr<const AttentionMaps> maps{};  ///< for layers whose heads hold nothing
};

/// Positions of an example's tokens among the padded ones, ascending.
std::vector<Index> token_positions(const TokenSequences& set, Index example);

/// These examples by their number of tokens without padding.
std::map<Index, std::vector<Index>> examples_by_length(const TokenSequences& set,
                                                       const std::vector<Index>& examples);

}  // namespace attnpaths
