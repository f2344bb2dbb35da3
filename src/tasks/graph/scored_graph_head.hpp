#pragma once

#include "tasks/graph/graph_heads.hpp"

#include <memory>
#include <vector>

namespace attnpaths {

/// Heads whose attention is a function of scores a_s' b_t and nowhere 0: made a block of queries at a time
/// whenever they are applied.
class ScoredGraphHead : public GraphHead {
  public:
    /// exp(score), |score| or max(score, 0), brought to column sums of 1
    enum class Form { softmax, absolute, positive };

    /// @param keys  a [r, M];  @param queries  b [r, M]
    ScoredGraphHead(Matrix keys, Matrix queries, Form form);
    [[nodiscard]] Matrix apply(const Matrix& features) const override;

  private:
    Matrix keys_;
    Matrix queries_;
    Form form_;
};

/// @throws UsageError if the graph is too large for a dense eigendecomposition, or has too few nodes
std::unique_ptr<GraphHead> spectral_head(const Graph& graph, Index eigenvectors);
std::unique_ptr<GraphHead> cross_covariance_head(const Graph& graph);
/// @param labelled  nodes over which features and outputs are compared
std::unique_ptr<GraphHead> output_covariance_head(const Graph& graph, const std::vector<Index>& labelled);

}  // namespace attnpaths
