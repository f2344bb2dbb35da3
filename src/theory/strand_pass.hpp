#pragma once

#include "theory/feature_blocks.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace attnpaths {

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

/// Brings all strands of a pass to their ends. @returns what is known of each
using PassRunner = std::function<std::vector<std::string>(const StrandPass& pass)>;

/// Does so here and now.
std::vector<std::string> run_pass(const StrandPass& pass);

}  // namespace attnpaths
