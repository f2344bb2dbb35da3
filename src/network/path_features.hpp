#pragma once

#include "network/attention_head.hpp"

namespace attnpaths {

/// Attention Omega of one example and head, column t a distribution over key tokens s (theory section 2).
/// @param x [N0, T] tokens of the example
/// @returns [T, T], Omega(s, t); columns sum to 1
Matrix attention(const AttentionHead& head, const Eigen::Ref<const Matrix>& x, AttentionKind kind);

/// Path features xi_pi(x) = sum_s x_s b^pi_s of every example (theory section 3), for all paths through
/// `layers`; the vectors b are propagated from the readout down to layer 1, so no product of two T x T
/// matrices is ever formed.
/// @param x       [N0, P * T] tokens, examples side by side
/// @param tokens  T
/// @returns [P, N0 * n], columns path by path (h_1 slowest): xi_pi(x_mu) = row mu, columns pi*N0 .. pi*N0 +
/// N0-1
/// @throws DataError if head shapes do not fit N0 or a feature is not finite
Matrix path_features(const Matrix& x, Index tokens, const HeadLayers& layers, AttentionKind kind,
                     Readout readout);

/// Norm of the rounding error of one example's path features, all paths together: attention weights feel the
/// rounding of their scores, which grows with the scores' size. Sizes are taken from up to 64 of the
/// examples.
/// @param examples  that are looked at; a result must not depend on others that happen to be there
double path_feature_error(const Matrix& x, Index tokens, const HeadLayers& layers,
                          const std::vector<Index>& examples);

/// The first heads[l] heads of the first heads.size() layers.
HeadLayers leading_heads(const HeadLayers& layers, const std::vector<Index>& heads);

}  // namespace attnpaths
