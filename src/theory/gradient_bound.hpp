#pragma once

#include "network/path_kernels.hpp"
#include "theory/training_set.hpp"

namespace attnpaths {

/// What the bound wants of (K + T I)^{-1} and of M = (K + T I)^{-1} xi.
struct SolvedNorms {
    Vector inverse_diagonal;  ///< of (K + T I)^{-1} [P D]
    Vector plain;             ///< |M_a| [n D]
    Vector weighted;  ///< |e o M_a| [n D], or a little more where the gradient is made of more roundings
};

/// @param inverse  (K + T I)^{-1}, both triangles;  @param e  weights of the rows [P D]
SolvedNorms solved_norms(const PathKernels& kernels, const Matrix& inverse, const Vector& e);

/// Bound on the error of each dE/dU_ij = tr(G C_ij) as DataTerm computes it, [n D, n D]: of first order in
/// the unit roundoff, with errors taken as independent (sums of k terms lose sqrt(k) roundoffs, times a
/// safety factor). It covers assembly and factorisation of K, the contraction, and the features' own errors
/// (theory section 5, "Rounding").
/// @param solved  with weights e of kernel_row_sizes();  @param w  (K + T I)^{-1} y
Matrix energy_gradient_bound(const PathKernels& kernels, const SolvedNorms& solved, const Vector& w,
                             double temperature, const Matrix& U, const FeatureAccuracy& accuracy);

/// Norms of the features' rows, by output and path: entry ((d, example), (path, d)) [P D, n D], zeros
/// elsewhere.
Matrix feature_row_norms(const PathKernels& kernels);

/// e with |dK_ij| < gamma e_i e_j for what rounding of K and of its factorisation amounts to [P D].
/// @param root_U  square roots of U's diagonal [n D]
Vector kernel_row_sizes(const PathKernels& kernels, double temperature, const Vector& root_U);

}  // namespace attnpaths
