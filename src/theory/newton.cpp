#include "theory/newton.hpp"

#include <Eigen/Cholesky>

#include <algorithm>
#include <cmath>

namespace attnpaths {

namespace {

constexpr double least_damping = 1e-3;
constexpr double largest_damping = 1e12;
/// Unknowns are logarithms and correlations of order one: a longer step leaves the region where the expansion
/// holds.
constexpr double longest_step = 3;

enum class Trial { taken, refused, rounding };

/// Tries the step of one damping; moves `iterate` there if it helps.
Trial try_step(const Objective& objective, Iterate& iterate, const Matrix& hessian, const Vector& scale,
               double damping) {
    Matrix damped = hessian;
    damped.diagonal() += damping * scale;
    const Eigen::LLT<Matrix> factor(damped);
    if (factor.info() != Eigen::Success) return Trial::refused;
    const Vector step = factor.solve(-iterate.gradient);
    if (!step.allFinite() || step.lpNorm<Eigen::Infinity>() > longest_step) return Trial::refused;
    const Vector x = objective.move(iterate.x, step);
    Vector gradient;
    const double value = objective.value_and_gradient(x, gradient);
    ++iterate.evaluations;
    if (!std::isfinite(value)) return Trial::refused;
    const double predicted_change = iterate.gradient.dot(step) / 2;
    if (-predicted_change <= value_noise * std::max(1.0, std::abs(iterate.value))) {
        // Values cannot tell any more; gradients can, down to their own rounding.
        if (gradient.lpNorm<Eigen::Infinity>() > iterate.gradient_norm() / 2) return Trial::rounding;
    } else if (value > iterate.value + 1e-2 * predicted_change) {
        return Trial::refused;
    }
    iterate.x = x;
    iterate.value = value;
    iterate.gradient = gradient;
    ++iterate.iterations;
    return Trial::taken;
}

}  // namespace

NewtonResult minimise_newton(const Objective& objective, Iterate start, const NewtonOptions& options) {
    NewtonResult result;
    Iterate& iterate = result.iterate;
    iterate = std::move(start);
    result.converged = options.converged(iterate);
    double damping = 0;
    while (!result.converged && iterate.hessians < options.max_iterations) {
        result.hessian = objective.hessian(iterate.x);
        ++iterate.hessians;
        const Vector scale = objective.curvature_scale(iterate.x);
        Trial trial = Trial::refused;
        while (trial == Trial::refused && damping < largest_damping) {
            trial = try_step(objective, iterate, result.hessian, scale, damping);
            if (trial == Trial::refused) damping = damping == 0 ? least_damping : 4 * damping;
        }
        if (trial != Trial::taken) break;
        damping = damping <= least_damping ? 0 : damping / 64;
        result.converged = options.converged(iterate);
    }
    return result;
}

}  // namespace attnpaths
