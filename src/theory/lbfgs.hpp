#pragma once

#include "theory/inverse_hessian.hpp"
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

struct LbfgsResult {
    Iterate iterate;  ///< the best point reached, whether or not the tolerance was met
    InverseHessian inverse_hessian;
};

/// Limited-memory BFGS (Liu and Nocedal 1989) with a bracketing line search for the strong Wolfe conditions;
/// near the minimum, where differences of values drown in rounding, the search trusts slopes instead.
/// @param start  must have a finite value
LbfgsResult minimise_lbfgs(const Objective& objective, Iterate start, const LbfgsOptions& options);

}  // namespace attnpaths
