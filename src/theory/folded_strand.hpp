#pragma once

#include "theory/folded_triangle.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace attnpaths {

/// One strand (FoldingPlan) of a training set of more examples than features: the triangle that its blocks so
/// far were folded into, targets as columns after the features, and what a TrainingSet must know of the
/// examples beside it. Whoever goes on from what was saved comes to the same bits.
class FoldedStrand {
  public:
    /// @param columns  N0 n + D
    explicit FoldedStrand(Index columns) : triangle_(columns) {}
    /// @param saved  by save(), of saved_bytes(columns) bytes
    FoldedStrand(Index columns, std::string_view saved);

    /// The next block.
    /// @param features  xi [examples of the block, N0 n];  @param y  their targets
    void add(const Matrix& features, const Matrix& y);
    /// Notes the norm of the longest token of the strand's examples, or a larger one of the set's.
    void note_token(double norm);

    [[nodiscard]] FoldedTriangle& triangle() { return triangle_; }
    /// Norm of the largest features of an example.
    [[nodiscard]] double largest_norm() const { return largest_norm_; }
    [[nodiscard]] double largest_token() const { return largest_token_; }

    [[nodiscard]] std::string save() const;
    static std::size_t saved_bytes(Index columns);

  private:
    FoldedTriangle triangle_;
    double largest_norm_ = 0;
    double largest_token_ = 0;
};

}  // namespace attnpaths
