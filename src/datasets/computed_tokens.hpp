#pragma once

#include "datasets/dataset.hpp"

#include <functional>

namespace attnpaths {

/// Whether a set of such a shape holds its tokens; larger ones are handed out in blocks (TokenSource). It
/// depends on the shape alone, as results must not depend on how much memory there is.
bool tokens_are_held(Index examples, Index input_width, Index tokens);

/// How many examples of such a shape are handed out together: what fits a part of memory that nobody misses.
Index examples_of_a_block(Index input_width, Index tokens);

/// Fills the tokens of one example, [N0, tokens]. Equal arguments give equal bits.
using FillTokens = std::function<void(Index example, Eigen::Ref<Matrix> tokens)>;

/// Gives a set tokens that can be computed example by example: held where they fit, else computed whenever
/// they are read.
/// @param set  with the number of its tokens
void give_tokens(ExampleSet& set, Index examples, Index input_width, FillTokens fill);

}  // namespace attnpaths
