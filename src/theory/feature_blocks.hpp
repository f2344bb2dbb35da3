#pragma once

#include "files/scratch_file.hpp"
#include "theory/folded_triangle.hpp"

#include <functional>
#include <memory>
#include <vector>

namespace attnpaths {

/// Path features of some examples, a block at a time, as FoldingPlan cuts them: nothing more need be in
/// memory. Where they are dear to make, the first pass leaves them in a scratch file for those that follow;
/// without room for one they are made again.
class FeatureBlocks {
  public:
    /// Makes the features of some of the examples, which are ascending.
    /// @param largest_token  raised to the largest norm of one of their tokens, where tokens are not held
    using Make = std::function<Matrix(const std::vector<Index>& examples, double& largest_token)>;

    /// @param examples  numbers in their set, ascending
    /// @param columns   N0 n
    /// @param poll      called before each block; may throw
    /// @param are_dear  to make
    FeatureBlocks(std::vector<Index> examples, Index columns, Make make, std::function<void()> poll,
                  bool are_dear);

    [[nodiscard]] const std::vector<Index>& examples() const { return examples_; }
    [[nodiscard]] Index count() const { return static_cast<Index>(examples_.size()); }

    /// One pass: every block with the place of its first example among them.
    void for_each(const std::function<void(Index first, const Matrix& features)>& use) const;
    /// All of them, [examples, N0 n].
    [[nodiscard]] Matrix whole() const;
    /// Norm of the longest token that a pass met; 0 before it, or where tokens are held.
    [[nodiscard]] double largest_token() const { return largest_token_; }

  private:
    std::vector<Index> examples_;
    Index columns_;
    Make make_;
    std::function<void()> poll_;
    bool are_dear_;
    mutable double largest_token_ = 0;
    mutable std::shared_ptr<const ScratchFile> kept_;  // all blocks, one after the other
};

}  // namespace attnpaths
