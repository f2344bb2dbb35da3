#pragma once

#include "network/attention_head.hpp"
#include "network/token_sequences.hpp"

namespace attnpaths {

/// Norm of the rounding error of one example's path features, all paths together: measured against
/// precise_path_features of up to 64 of the examples, relative to the norm of their longest token, and at
/// least one rounding per layer.
/// @param set       with zeros in the padding
/// @param features  of all examples of the set, as path_features made them
/// @param examples  that are looked at; a result must not depend on others that happen to be there
double path_feature_error(const TokenSequences& set, const HeadLayers& layers, AttentionKind kind,
                          Readout readout, const Matrix& features, const std::vector<Index>& examples);

}  // namespace attnpaths
