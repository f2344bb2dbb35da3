#pragma once

#include "base/hash.hpp"
#include "network/token_sequences.hpp"

#include <string>
#include <vector>

namespace attnpaths {

/// How far rows of attention are from sums of 1, of all maps of a file.
struct RowSums {
    double farthest = 0;  ///< |sum - 1|; 0 if rounding in 64 bits explains all
    int bits = 0;         ///< of numbers whose rounding explains it
};

/// Checks the attention maps of a layer, block after block: of every token a distribution over tokens. How
/// exactly rows sum to 1 is known when all numbers were seen: they may have gone through fewer bits than they
/// are stored in (a half-precision model whose attention was written in 32 bits).
class MapCheck {
  public:
    /// @param where  file and object
    /// @param set    whose mask counts; without x for maps that all examples share
    MapCheck(std::string where, Index heads, const TokenSequences& set);

    /// @param maps  of examples first to first + count - 1, [count, heads, queries, keys]
    /// @param hash  takes the rows of tokens, at the keys that are tokens
    /// @throws DataError if a number is negative or not finite
    void add(const std::vector<double>& maps, Index first, Index count, ContentHash& hash);
    /// @param sums  take how far they are from 1
    /// @throws DataError if a row does not sum to 1
    void finish(RowSums& sums) const;

  private:
    [[nodiscard]] std::string place(Index example, Index head, Index query) const;

    std::string where_;
    Index heads_;
    const TokenSequences& set_;
    int bits_ = 0;          // that the numbers take, of those that known types have
    double farthest_ = 0;   // |sum - 1| of the row farthest from 1
    double deviation_ = 0;  // the largest, in units of the rounding of the numbers
    double sum_ = 1;        // of the row that has it
    double padding_ = 0;    // what it gives to padding
    std::string farthest_place_;
};

}  // namespace attnpaths
