#pragma once

#include "network/attention_head.hpp"
#include "network/token_sequences.hpp"

namespace attnpaths {

/// Norm of the rounding error of one example's path features through low_rank_heads, all paths together,
/// relative to the norm of its longest token: measured against precise_path_features of up to 64 of the
/// examples, and at least one rounding per layer.
/// @param set       with zeros in the padding
/// @param examples  that are looked at; a result must not depend on others that happen to be there
double path_feature_error(const TokenSequences& set, const HeadLayers& layers, AttentionKind kind,
                          Readout readout, const std::vector<Index>& examples);

/// Norm of the longest token of some examples.
/// @param set  that holds its tokens
double largest_token(const TokenSequences& set, const std::vector<Index>& examples);

}  // namespace attnpaths
