#pragma once

#include "files/scratch_file.hpp"
#include "theory/folded_triangle.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace attnpaths {

/// Path features of some examples, a block at a time, as FoldingPlan cuts them: nothing more need be in
/// memory. Where they are dear to make, blocks are left in a scratch file for the next pass; without room for
/// one they are made again.
class FeatureBlocks {
  public:
    /// Makes the features of some of the examples, which are ascending.
    /// @param largest_token  raised to the largest norm of one of their tokens, where tokens are not held
    using Make = std::function<Matrix(const std::vector<Index>& examples, double& largest_token)>;

    /// @param examples  numbers in their set, ascending
    /// @param columns   N0 n
    /// @param poll      called before each block and while it is made; may throw
    /// @param are_dear  to make
    FeatureBlocks(std::vector<Index> examples, Index columns, Make make, std::function<void()> poll,
                  bool are_dear);

    [[nodiscard]] const std::vector<Index>& examples() const { return examples_; }
    [[nodiscard]] Index count() const { return plan_.rows; }
    [[nodiscard]] const FoldingPlan& plan() const { return plan_; }

    /// One block. @param features  receives them, [rows, N0 n]
    void read(Index block, Matrix& features) const;
    /// One pass: every block with the place of its first example among them.
    void for_each(const std::function<void(Index first, const Matrix& features)>& use) const;
    /// All of them, [examples, N0 n].
    [[nodiscard]] Matrix whole() const;
    /// Norm of the longest token of the blocks that were made; 0 where tokens are held.
    [[nodiscard]] double largest_token() const { return largest_token_; }

  private:
    /// A scratch file with room for all blocks, one after the other.
    struct Kept {
        std::optional<ScratchFile> file;
        std::vector<bool> blocks;  // whether they are there
    };

    void keep(Index block, const Matrix& features) const;

    std::vector<Index> examples_;
    Index columns_;
    FoldingPlan plan_;
    Make make_;
    std::function<void()> poll_;
    bool are_dear_;
    mutable double largest_token_ = 0;
    mutable std::shared_ptr<Kept> kept_;  // null before the first block is made
};

}  // namespace attnpaths
