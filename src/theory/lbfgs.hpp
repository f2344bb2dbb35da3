#pragma once

#include "theory/objective.hpp"

namespace attnpaths {

struct LbfgsOptions {
    int memory = 20;  ///< pairs of steps remembered
    int max_evaluations = 1000;
    double gradient_tolerance = 1e-10;  ///< stop at max |gradient| below this
    /// Stop once the last `patience` evaluations have not lowered max |gradient| below half its best before:
    /// what is left is curvature that a memory of a few steps does not resolve, or rounding.
    int patience = 15;
};

/// Limited-memory BFGS (Liu and Nocedal 1989) with a bracketing line search for the strong Wolfe conditions;
/// near the minimum, where differences of values drown in rounding, the search trusts slopes instead.
/// @param start  must have a finite value
/// @returns the best point reached, whether or not the tolerance was met
Iterate minimise_lbfgs(const Objective& objective, Iterate start, const LbfgsOptions& options);

}  // namespace attnpaths
