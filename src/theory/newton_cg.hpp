#pragma once

#include "theory/objective.hpp"

namespace attnpaths {

/// Products of the second derivative at x with a direction, where the whole of it is too large.
using HessianTimes = std::function<Vector(const Vector& x, const Vector& direction)>;

struct NewtonCgOptions {
    int max_iterations = 20;
    int max_products = 100;  ///< of the Hessian with a direction, per iteration
    /// Wanted of max |gradient|: no step is made better than that asks for.
    double gradient_tolerance = 1e-10;
    /// Symmetric positive definite estimate of the inverse Hessian times a vector; to be given.
    std::function<Vector(const Vector& x)> precondition;
    /// Asked after every accepted step; true ends the iteration.
    std::function<bool(const Iterate&)> converged;
};

struct NewtonCgResult {
    Iterate iterate;
    int products = 0;
    bool converged = false;
};

/// Newton's method whose steps come from preconditioned conjugate gradients, so that no Hessian is formed. A
/// direction of negative curvature ends the conjugate gradients with what they have. Ends too when a step
/// promises less than the noise of the values and does not halve max |gradient|: then it is rounding that is
/// left.
NewtonCgResult minimise_newton_cg(const Objective& objective, const HessianTimes& hessian_times,
                                  Iterate start, const NewtonCgOptions& options);

}  // namespace attnpaths
