#include "theory/newton.hpp"

#include "theory/trial_step.hpp"

#include <Eigen/Cholesky>

#include <utility>

namespace attnpaths {

namespace {

constexpr double least_damping = 1e-3;
constexpr double largest_damping = 1e12;

/// Tries the step of one damping; moves `iterate` there if it helps.
Trial try_damping(const Objective& objective, Iterate& iterate, const Matrix& hessian, const Vector& scale,
                  double damping) {
    Matrix damped = hessian;
    damped.diagonal() += damping * scale;
    const Eigen::LLT<Matrix> factor(damped);
    if (factor.info() != Eigen::Success) return Trial::refused;
    const Vector step = factor.solve(-iterate.gradient);
    if (!step.allFinite() || step.lpNorm<Eigen::Infinity>() > longest_step) return Trial::refused;
    return try_step(objective, iterate, step);
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
            trial = try_damping(objective, iterate, result.hessian, scale, damping);
            if (trial == Trial::refused) damping = damping == 0 ? least_damping : 4 * damping;
        }
        if (trial != Trial::taken) break;
        damping = damping <= least_damping ? 0 : damping / 64;
        result.converged = options.converged(iterate);
    }
    return result;
}

}  // namespace attnpaths
