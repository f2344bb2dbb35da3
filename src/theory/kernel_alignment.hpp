#pragma once

#include "theory/gaussian_process.hpp"

namespace attnpaths {

/// Spectrum of a training kernel and its alignment with the task (theory section 7), eigenvalues descending.
struct KernelAlignment {
    Vector eigenvalues;       ///< the largest ones
    Vector overlaps;          ///< |v_k . y| / sqrt(P)
    Vector cumulative_power;  ///< sum_{j<=k} (v_j . y)^2 / y'y (Canatar, Bordelon, Pehlevan 2021)
};

/// From eigenpairs that are there already.
/// @param eigenvalues  the largest ones, descending
/// @param projections  v_k . y
/// @param examples     P
/// @param power        y'y of all targets: more than that of `targets` if these are the part in the span of
/// the features
KernelAlignment kernel_alignment(Vector eigenvalues, const Vector& projections, Index examples, double power);

/// @param kernel    K without temperature, lower triangle [P D, P D]
/// @param targets   y [P D]
/// @param count     how many of the largest eigenvalues to report; capped at P D
KernelAlignment kernel_alignment(Matrix kernel, const Vector& targets, Index count, Index examples,
                                 double power);

/// Of the Gaussian process: every eigenvalue belongs to D eigenvectors, among which no basis is better than
/// another, so that each is given a D-th of the power that the targets have in their span.
/// @param variance  c of its order parameter U_1 = c I
KernelAlignment kernel_alignment(const GaussianProcess& process, double variance, Index count, Index examples,
                                 double power);

}  // namespace attnpaths
