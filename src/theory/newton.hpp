#pragma once

#include "theory/objective.hpp"

namespace attnpaths {

struct NewtonOptions {
    int max_iterations = 50;
    /// Asked after every accepted step; true ends the iteration.
    std::function<bool(const Iterate&)> converged;
};

/// Where Newton's method ended.
struct NewtonResult {
    Iterate iterate;
    Matrix hessian;  ///< the last one computed: at the point before the last step; empty if none was needed
    bool converged = false;
};

/// Newton's method with the exact Hessian, damped where needed: steps solve (H + lambda D) p = -g with the
/// objective's scale D and the smallest lambda >= 0 (in factors of 4) for which the matrix is positive
/// definite and the step helps. Ends too when a step promises less than the noise of the values and does not
/// halve max |gradient|: then it is rounding that is left.
NewtonResult minimise_newton(const Objective& objective, Iterate start, const NewtonOptions& options);

}  // namespace attnpaths
