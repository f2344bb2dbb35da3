#pragma once

#include "network/architecture.hpp"

#include <functional>

namespace attnpaths {

/// A smooth function to be minimised over all real vectors. Derivatives are those in the coordinates of
/// `move`, which may be others at every x.
struct Objective {
    /// Value and gradient; +infinity where the function cannot be evaluated.
    std::function<double(const Vector& x, Vector& gradient)> value_and_gradient;
    /// Exact second derivative, symmetric.
    std::function<Matrix(const Vector& x)> hessian;
    /// Where a step leads, in coordinates whose derivatives at x are those above.
    std::function<Vector(const Vector& x, const Vector& step)> move =
        [](const Vector& x, const Vector& step) { return Vector(x + step); };
    /// Positive diagonal that sets the natural scale of each unknown at x.
    std::function<Vector(const Vector& x)> curvature_scale;
};

/// Values closer than this, relatively, are taken as equal by the minimisers: log det and quadratic form of
/// an ill-conditioned kernel carry no more digits.
inline constexpr double value_noise = 1e-11;

/// Where a minimiser stands.
struct Iterate {
    Vector x;
    double value = 0;
    Vector gradient;
    int iterations = 0;   ///< accepted steps
    int evaluations = 0;  ///< of value and gradient
    int hessians = 0;     ///< of the second derivative

    [[nodiscard]] double gradient_norm() const { return gradient.lpNorm<Eigen::Infinity>(); }
};

}  // namespace attnpaths
