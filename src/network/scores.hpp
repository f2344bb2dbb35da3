#pragma once

#include "network/attention_head.hpp"
#include "network/token_block.hpp"
#include "network/twofold.hpp"

namespace attnpaths {

/// Scores of the tokens of a block's examples, before any bias of their places: (K x_s + k).(Q x_t +
/// q)/sqrt(G) or x_s'W x_t. For every block and head, `select` comes before `of`.
class Scores {
  public:
    /// @param heads  of one layer, all with weights; must outlive this object
    Scores(const std::vector<AttentionHead>& heads, Index tokens, bool single_query);

    void select(const TokenBlock& block, std::size_t head);
    /// Of an example of the block, [T, queries].
    void of(Index example, Matrix& scores) const;

  private:
    /// Scores as inner products: (left x_s + left_bias).(right x_t + right_bias), an empty `left` being the
    /// identity. The 1/sqrt(G) is in `right` and its bias.
    struct Maps {
        Matrix left;
        Matrix right;
        Vector left_bias;
        Vector right_bias;
    };
    [[nodiscard]] Maps maps_of(const AttentionHead& head) const;

    Index tokens_;
    bool single_query_;
    std::vector<Maps> maps_;
    const TokenBlock* block_ = nullptr;
    std::size_t head_ = 0;
    Matrix mapped_keys_;
    Matrix mapped_queries_;
};

/// The same with errors far below the rounding of a double, at several times the cost.
class PreciseScores {
  public:
    PreciseScores(const std::vector<AttentionHead>& heads, Index tokens, bool single_query);

    void select(const TokenBlock& block, std::size_t head);
    void of(Index example, WideMatrix& scores) const;

  private:
    const std::vector<AttentionHead>& heads_;
    Index tokens_;
    bool single_query_;
    std::size_t head_ = 0;
    Twofold keys_;
    Twofold queries_;
};

/// Width G of a head's queries and keys where scores go through them, else 0.
Index inner_width(const AttentionHead& head, Index tokens, bool single_query);

}  // namespace attnpaths
