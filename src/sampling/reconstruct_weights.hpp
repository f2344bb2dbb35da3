#pragma once

#include "base/random_stream.hpp"
#include "network/path_kernels.hpp"
#include "sampling/network_weights.hpp"
#include "theory/order_parameters.hpp"

namespace attnpaths {

/// Extends a draw of the order parameters to a draw of all weights given the same data (theory section 6).
/// Exact, and independent from draw to draw given B: if B comes from its posterior, so do the weights.
///
/// With Q_l uniform on the Stiefel manifold, w^{(l)} = sqrt(N_l) Q_l A_l'. From the readout downwards, V^{lh}
/// keeps a prior draw in the directions that nothing above sees, and is set in those it does:
///     Q_{l+1}' V^{lh} = sqrt(N_l) sigma_l B_l[rows of head h] Q_l'.
/// No inverse is needed, so this works below full rank too. V0 is drawn from its Gaussian conditional by
/// Matheron's rule.
/// @param point        whitened coordinates with Rank::of_width
/// @param kernels      of the training data, whose U_1 weights they are
/// @param y            targets [P, D]
/// @param temperature  T > 0
/// @throws UsageError if a width is not a whole number or the weights do not fit into memory; NumericalError
/// if K + T I is not positive definite
NetworkWeights reconstruct_weights(const Architecture& architecture, const WhitenedCoordinates::Point& point,
                                   const PathKernels& kernels, const Matrix& y, double temperature,
                                   RandomStream& random);

}  // namespace attnpaths
