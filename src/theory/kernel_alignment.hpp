#pragma once

#include "network/architecture.hpp"

namespace attnpaths {

/// Spectrum of a training kernel and its alignment with the task (theory section 7), eigenvalues descending.
struct KernelAlignment {
    Vector eigenvalues;       ///< the largest ones
    Vector overlaps;          ///< |v_k . y| / sqrt(P)
    Vector cumulative_power;  ///< sum_{j<=k} (v_j . y)^2 / y'y (Canatar, Bordelon, Pehlevan 2021)
};

/// @param kernel    K without temperature, lower triangle [P D, P D]; used up as workspace
/// @param targets   y [P D]
/// @param count     how many of the largest eigenvalues to report; capped at P D
/// @param examples  P
/// @param power     y'y of all targets: more than that of `targets` if these are the part in the span of the
/// features
KernelAlignment kernel_alignment(Matrix& kernel, const Vector& targets, Index count, Index examples,
                                 double power);

}  // namespace attnpaths
