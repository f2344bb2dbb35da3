#pragma once

#include "network/attention_head.hpp"
#include "network/token_sequences.hpp"
#include "network/twofold.hpp"

namespace attnpaths {

/// Path features xi_pi(x) = sum_s x_s b^pi_s of every example (theory section 3), for all paths through
/// `layers`; the vectors b are propagated from the readout down to layer 1, so no product of two T x T
/// matrices is ever formed. Examples are worked on without their padding.
/// @returns [P, N0 * n], columns path by path (h_1 slowest): xi_pi(x_mu) = row mu, columns pi*N0 .. pi*N0 +
/// N0-1
/// @throws DataError if head shapes do not fit N0 or the tokens, or a feature is not finite
Matrix path_features(const TokenSequences& set, const HeadLayers& layers, AttentionKind kind,
                     Readout readout);

/// Those of some examples, the same to the last bit.
/// @param examples       ascending
/// @param largest_token  raised to the largest norm of one of their tokens, unless null
/// @returns [examples, N0 * n]
Matrix path_features(const TokenSequences& set, const HeadLayers& layers, AttentionKind kind, Readout readout,
                     const std::vector<Index>& examples, double* largest_token = nullptr);

/// The same with errors far below the rounding of a double, at many times the cost; attention by hardmax and
/// given attention count as exact.
/// @param examples  that are wanted, ascending
/// @returns [examples, N0 * n]
WideMatrix precise_path_features(const TokenSequences& set, const HeadLayers& layers, AttentionKind kind,
                                 Readout readout, const std::vector<Index>& examples);

/// The first heads[l] heads of the first heads.size() layers.
HeadLayers leading_heads(const HeadLayers& layers, const std::vector<Index>& heads);

}  // namespace attnpaths
