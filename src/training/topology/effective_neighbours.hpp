#pragma once

#include "network/architecture.hpp"

namespace attnpaths {

/// 1 - the second largest absolute value of the eigenvalues of a gossip matrix; 1 for one rank.
double spectral_gap(const Matrix& W);

/// Effective number of neighbours (Vogels, Hendrikx, Jaggi 2022, "Beyond spectral gap"): of ranks whose
/// values are averaged by W, forget at rate gamma and take up noise of their own, how many are as good as
/// averaged over. For symmetric W with eigenvalues l_i
///     n_W(gamma) = [ 1/n sum_i l_i^2 (1 - gamma) / (1 - gamma l_i^2) ]^-1,
/// in general with the powers of W in place of those of l_i: n / [(1 - gamma) sum_t gamma^t |W^(t+1)|_F^2].
/// @param gamma  0 <= gamma < 1; towards 1 it becomes n for a connected graph
double effective_neighbours(const Matrix& W, double gamma);

/// gamma of gradient steps in a valley of this curvature: (1 - rate * curvature)^2, what is left after a step
/// of the square of a deviation. Where a step goes beyond the valley's other side (rate * curvature >= 2),
/// nothing decays and the result is NaN.
double decay_of(double learning_rate, double curvature);

}  // namespace attnpaths
