#pragma once

#include "sampling/chain_ensemble.hpp"
#include "theory/strand_pass.hpp"

#include <functional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace attnpaths {

/// The strands of a pass as PointSampler takes them, for chains: each is a chain of one round, its blocks are
/// the draws. In an EnsembleState all are at the goal together, so that a strand of fewer blocks begins
/// later.
class StrandEnsemble {
  public:
    /// @param pass   must outlive the ensemble
    /// @param state  to go on from
    StrandEnsemble(const StrandPass& pass, EnsembleState state);

    [[nodiscard]] int size() const { return static_cast<int>(strands_.size()); }
    /// Brings some of the strands to their ends, one after the other.
    /// @param pause  called after each block
    void advance(std::span<const int> some, const std::function<void()>& pause);
    [[nodiscard]] EnsembleState state() const;
    /// Blocks that are left.
    [[nodiscard]] int steps_left() const;
    /// Whether the saved state of a strand could not be used, so that the strand began again.
    [[nodiscard]] bool began_again(int strand) const { return began_again_.contains(strand); }
    /// What is known of every strand at its end; not to be used any more afterwards.
    [[nodiscard]] std::vector<std::string> take();

  private:
    struct Strand {
        int blocks = 0;  // that are done
        double seconds = 0;
        std::string bytes = {};  // what is known of it
    };

    [[nodiscard]] int blocks(int strand) const { return static_cast<int>(pass_.blocks(strand)); }

    const StrandPass& pass_;
    int goal_ = 0;  // blocks of the longest strand
    std::vector<Strand> strands_;
    std::set<int> began_again_;
};

}  // namespace attnpaths
