#pragma once

#include "network/attention_head.hpp"

#include <cstdint>
#include <vector>

namespace attnpaths {

/// Untrained heads: queries and keys with independent normal entries of variance 1/N0. A head depends on
/// seed, layer and its number in the layer alone.
/// @param heads  per layer
/// @param width  G, rows of Q and K
/// @param input_width  N0
HeadLayers make_random_heads(const std::vector<Index>& heads, Index width, Index input_width,
                             std::uint64_t seed);

}  // namespace attnpaths
