#pragma once

#include "network/attention_head.hpp"

namespace attnpaths {

/// The head with W as a product of queries and keys, W = K'Q/sqrt(G), if its rank G is at most a quarter of
/// its size: the same scores up to the rounding of W in a fraction of the work. Any other head as it is.
AttentionHead low_rank_head(AttentionHead head);

/// The same for every head of a network; heads of hard attention stay as they are, as rounding decides
/// between keys of equal scores.
HeadLayers low_rank_heads(HeadLayers layers, AttentionKind kind);

}  // namespace attnpaths
