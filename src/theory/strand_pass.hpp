#pragma once

#include "theory/feature_blocks.hpp"

#include <cstddef>
#include <functional>
#include <string>

namespace attnpaths {

/// What is known of all strands of a pass may take this much for others to take part in it.
inline constexpr std::size_t most_shared_bytes = std::size_t{256} << 20U;

/// A pass over the examples of a training set, strand by strand (FoldingPlan). Strands do not know of each
/// other, and what is known of one after some of its blocks are bytes to go on from: whoever works on which
/// strand, in any order, comes to the same bits.
class StrandPass {
  public:
    /// Takes what is known of a strand, nothing to begin with, past its next block.
    using Add = std::function<void(Index first, const Matrix& features, std::string& state)>;

    /// @param blocks       referred to
    /// @param is_folding   whether it is the one that makes the training set
    /// @param state_bytes  of a strand after so many of its examples
    StrandPass(const FeatureBlocks& blocks, bool is_folding, Add add,
               std::function<std::size_t(Index examples)> state_bytes);

    [[nodiscard]] bool is_folding() const { return is_folding_; }
    [[nodiscard]] Index strands() const { return blocks_.plan().strands; }
    /// Blocks of a strand.
    [[nodiscard]] Index blocks(Index strand) const;
    /// Bytes that are known of a strand after so many of its blocks, one at least.
    [[nodiscard]] std::size_t state_bytes(Index strand, Index blocks) const;
    /// The same of all strands at their ends.
    [[nodiscard]] std::size_t state_bytes() const;
    /// Takes what is known of a strand after so many of its blocks past the next.
    void advance(Index strand, Index blocks, std::string& state) const;

  private:
    const FeatureBlocks& blocks_;
    bool is_folding_;
    Add add_;
    std::function<std::size_t(Index)> state_bytes_;
};

/// Takes what is known of a strand at its end, first strand first.
using TakeStrand = std::function<void(const std::string& state)>;

/// Brings all strands of a pass to their ends.
using PassRunner = std::function<void(const StrandPass& pass, const TakeStrand& take)>;

/// Does so here and now, and holds one strand at a time.
void run_pass(const StrandPass& pass, const TakeStrand& take);

}  // namespace attnpaths
