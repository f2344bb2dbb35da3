#include "theory/newton.hpp"

#include <Eigen/Cholesky>

#include <algorithm>
#include <cmath>

namespace attnpaths {

namespace {

constexpr double least_damping = 1e-3;
constexpr double largest_damping = 1e12;
/// Unknowns are logarithms and correlations of order one: a longer step leaves the region where the expansion holds.
constexpr double longest_step = 3;

/// Tries the step of one damping; moves `iterate` there and returns true if it helps.
bool try_step(const Objective& objective, Iterate& iterate, const Matrix& hessian, const Vector& scale, double damping) {
    Matrix damped = hessian;
    damped.diagonal() += damping * scale;
    const Eigen::LLT<Matrix> factor(damped);
    if (factor.info() != Eigen::Success) return false;
    const Vector step = factor.solve(-iterate.gradient);
    if (!step.allFinite() || step.lpNorm<Eigen::Infinity>() > longest_step) return false;
    const Vector x = iterate.x + step;
    Vector gradient;
    const double value = objective.value_and_gradient(x, gradient);
    ++iterate.evaluations;
    if (!std::isfinite(value)) return false;
    const double predicted_change = iterate.gradient.dot(step) / 2;
    const double noise = value_noise * std::max(1.0, std::abs(iterate.value));
    const bool lower = value <= iterate.value + 1e-2 * predicted_change;
    const bool flatter = value <= iterate.value + noise && gradient.lpNorm<Eigen::Infinity>() < iterate.gradient_norm();
    if (!lower && !flatter) return false;
    iterate.x = x;
    iterate.value = value;
    iterate.gradient = gradient;
    ++iterate.iterations;
    return true;
}

}  // namespace

NewtonResult minimise_newton(const Objective& objective, Iterate start, const NewtonOptions& options) {
    NewtonResult result;
    Iterate& iterate = result.iterate;
    iterate = std::move(start);
    result.converged = options.converged(iterate);
    double damping = 0;
    int stalled = 0;
    while (!result.converged && stalled < 2 && iterate.hessians < options.max_iterations) {
        result.hessian = objective.hessian(iterate.x);
        ++iterate.hessians;
        const Vector scale = objective.curvature_scale(iterate.x);
        const double norm = iterate.gradient_norm();
        bool moved = false;
        while (!moved && damping < largest_damping) {
            moved = try_step(objective, iterate, result.hessian, scale, damping);
            if (!moved) damping = damping == 0 ? least_damping : 4 * damping;
        }
        if (!moved) break;
        damping = damping <= least_damping ? 0 : damping / 64;
        stalled = damping == 0 && iterate.gradient_norm() > norm / 2 ? stalled + 1 : 0;
        result.converged = options.converged(iterate);
    }
    return result;
}

}  // namespace attnpaths
