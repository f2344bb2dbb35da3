#pragma once

#include "theory/pair_covariance.hpp"
#include "theory/whitened_features.hpp"

namespace attnpaths {

/// Third derivative of E(U_1) contracted with the covariance of U_1,
///     sum_pq d3E / du_p du_q dU_ij Cov(u_p, u_q) = tr(dK/dU_ij Q),
///     Q = sum_a [ 2 M_a M_a A - 2 (alpha gamma_a' + gamma_a alpha') - 2 beta_a beta_a' ],
/// with A = (K + T I)^{-1}, alpha = A y, K_a the kernel of direction a, M_a = A K_a, beta_a = M_a alpha,
/// gamma_a = M_a beta_a. Each entry of U_1 on its own, symmetric [n D, n D].
///
/// Formed over features, where no direction is looked at alone: with G = Z'Z and the covariance as an
/// operator S, Q = c^2 L'^{-1} [ 2 Z S(G - u u') Z' - 2 (v s' + s v') ] L^{-1}, s = Z S(G) u.
/// @param covariance  S(G - u u') [q N0, q N0], symmetric: the caller has it for predictions too
/// @param of_weights  S(G) u [q N0]
Matrix data_term_third_derivative_over_features(const PathKernels& kernels, const WhitenedFeatures& features,
                                                const Matrix& covariance, const Vector& of_weights);

/// The same formed over examples, direction by direction: less work where P D is small against N0 n.
Matrix data_term_third_derivative_over_examples(const PathKernels& kernels, const WhitenedFeatures& features,
                                                const PairCovariance& covariance);

}  // namespace attnpaths
