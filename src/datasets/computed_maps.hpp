#pragma once

#include "network/token_sequences.hpp"

#include <functional>
#include <vector>

namespace attnpaths {

/// Attention maps that are computed whenever they are read, so that nothing of them is held per example.
class ComputedMaps : public AttentionMaps {
  public:
    /// Fills the attention of one example and head, [tokens, tokens], row = key, column = query; columns sum
    /// to
    /// 1. Equal arguments give equal bits.
    using Fill =
        std::function<void(std::size_t layer, Index head, Index example, Eigen::Ref<Matrix> attention)>;

    /// @param heads  of every layer: all layers take their attention from here
    ComputedMaps(std::vector<Index> heads, Index tokens, Fill fill);

    [[nodiscard]] Index heads(std::size_t layer) const override;
    [[nodiscard]] Index examples_at_a_time() const override { return examples_at_a_time_; }
    [[nodiscard]] std::vector<double> read(std::size_t layer, Index first, Index count) const override;

  private:
    std::vector<Index> heads_;
    Index tokens_;
    Fill fill_;
    Index examples_at_a_time_;
};

}  // namespace attnpaths
