#pragma once

#include "network/attention_head.hpp"
#include "network/token_sequences.hpp"

namespace attnpaths {

/// Path features xi_pi(x) = sum_s x_s b^pi_s of every example (theory section 3), for all paths through
/// `layers`; the vectors b are propagated from the readout down to layer 1, so no product of two T x T
/// matrices is ever formed. Examples are worked on without their padding.
/// @returns [P, N0 * n], columns path by path (h_1 slowest): xi_pi(x_mu) = row mu, columns pi*N0 .. pi*N0 +
/// N0-1
/// @throws DataError if head shapes do not fit N0 or the tokens, or a feature is not finite
Matrix path_features(const TokenSequences& set, const HeadLayers& layers, AttentionKind kind,
                     Readout readout);

/// Norm of the rounding error of one example's path features, all paths together: attention weights feel the
/// rounding of their scores, which grows with the scores' size; given attention counts as exact. Sizes are
/// taken from up to 64 of the examples.
/// @param set       with zeros in the padding
/// @param examples  that are looked at; a result must not depend on others that happen to be there
double path_feature_error(const TokenSequences& set, const HeadLayers& layers,
                          const std::vector<Index>& examples);

/// The first heads[l] heads of the first heads.size() layers.
HeadLayers leading_heads(const HeadLayers& layers, const std::vector<Index>& heads);

}  // namespace attnpaths
