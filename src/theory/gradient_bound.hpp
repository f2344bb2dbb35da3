#pragma once

#include "network/path_kernels.hpp"
#include "theory/training_set.hpp"

namespace attnpaths {

/// Bound on the error of each dE/dU_ij = tr(G C_ij) as DataTerm computes it, [n D, n D]: of first order in
/// the unit roundoff, with errors taken as independent (sums of k terms lose sqrt(k) roundoffs, times a
/// safety factor). It covers assembly and factorisation of K, the contraction, and the features' own errors
/// (theory section 5, "Rounding").
/// @param inverse  (K + T I)^{-1}, both triangles;  @param w  (K + T I)^{-1} y
Matrix energy_gradient_bound(const PathKernels& kernels, const Matrix& inverse, const Vector& w,
                             double temperature, const Matrix& U, const FeatureAccuracy& accuracy);

/// Norms of the features' rows, by output and path: entry ((d, example), (path, d)) [P D, n D], zeros
/// elsewhere.
Matrix feature_row_norms(const PathKernels& kernels);

/// e with |dK_ij| < gamma e_i e_j for what rounding of K and of its factorisation amounts to [P D].
/// @param root_U  square roots of U's diagonal [n D]
Vector kernel_row_sizes(const PathKernels& kernels, double temperature, const Vector& root_U);

}  // namespace attnpaths
