#pragma once

#include "datasets/dataset.hpp"
#include "tasks/task.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace attnpaths {

/// Sequences whose tokens are two symbols each, in one-hot form: a first one of `first_width`, a second one
/// of `second_width` or none. N0 = first_width + second_width.
struct SymbolSequences {
    static constexpr std::int32_t none = -1;

    Index first_width = 0;
    Index second_width = 0;
    Index tokens = 0;
    std::vector<std::int32_t> first;   ///< [examples * tokens], token after token
    std::vector<std::int32_t> second;  ///< likewise, or `none`

    [[nodiscard]] Index input_width() const { return first_width + second_width; }
    [[nodiscard]] Index examples() const { return std::ssize(first) / tokens; }
    /// Fills the tokens of one example, [N0, tokens].
    void write_one_hot(Index example, Eigen::Ref<Matrix> x) const;
};

/// Gives a set its tokens: held where they fit, else made of the symbols whenever they are read.
/// @param set  with the number of its tokens
void give_one_hot(ExampleSet& set, const std::shared_ptr<const SymbolSequences>& sequences);

/// How large a training set and a test set of such sequences are, the symbols themselves included.
DataSize symbol_data_size(Index examples, Index test_examples, Index input_width, Index tokens);

/// A random head on such tokens: softmax of x_s' W x_t, W normal with this standard deviation.
class RandomSymbolHead {
  public:
    /// @param layer, number  name its numbers: a head stays the same when others are added
    RandomSymbolHead(std::uint64_t seed, std::size_t layer, Index number, Index input_width,
                     double deviation);

    /// Attention of one example, [tokens, tokens], row = key, column = query.
    void attend(const SymbolSequences& sequences, Index example, Eigen::Ref<Matrix> attention) const;

  private:
    Matrix W_;  // [N0, N0], row = key feature
};

}  // namespace attnpaths
