#pragma once

#include "network/path_kernels.hpp"
#include "theory/training_set.hpp"

namespace attnpaths {

/// Bound on the error of each dE/dU_ij = tr(G C_ij) as Energy computes it, [n D, n D]: of first order in the
/// unit roundoff, with errors taken as independent (sums of k terms lose sqrt(k) roundoffs, times a safety
/// factor). It covers assembly and factorisation of K, the contraction, and the features' own errors (theory
/// section 5, "Rounding").
/// @param y  targets in the basis of the kernels [R, D]
/// @throws NumericalError if K + T I is not positive definite
Matrix energy_gradient_bound(const PathKernels& kernels, const Matrix& y, double temperature, const Matrix& U,
                             const FeatureAccuracy& accuracy);

}  // namespace attnpaths
