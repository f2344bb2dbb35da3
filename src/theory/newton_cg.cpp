#include "theory/newton_cg.hpp"

#include "theory/trial_step.hpp"

#include <algorithm>
#include <utility>

namespace attnpaths {

namespace {

constexpr double shortest_fraction = 1e-6;
/// Part of the residual of the Newton equation at which a step is good enough: what its second order leaves
/// is of the order |g|^2 (Dembo, Eisenstat, Steihaug 1982), and below the tolerance nothing is wanted.
double forcing_term(double gradient_norm, double gradient_tolerance) {
    return std::min(0.1, std::max(gradient_norm, gradient_tolerance / (10 * gradient_norm)));
}

/// Solves H p = -g approximately.
Vector newton_step(const HessianTimes& hessian_times, const Iterate& at, const NewtonCgOptions& options,
                   int& products) {
    Vector step = Vector::Zero(at.x.size());
    Vector residual = -at.gradient;
    Vector preconditioned = options.precondition(residual);
    Vector direction = preconditioned;
    double power = residual.dot(preconditioned);
    const double reduction = forcing_term(at.gradient_norm(), options.gradient_tolerance);
    const double enough = power * reduction * reduction;
    for (int i = 0; i < options.max_products && power > enough; ++i) {
        const Vector image = hessian_times(at.x, direction);
        ++products;
        const double curvature = direction.dot(image);
        if (!(curvature > 0)) return i == 0 ? direction : step;
        const double length = power / curvature;
        step += length * direction;
        residual -= length * image;
        preconditioned = options.precondition(residual);
        const double next = residual.dot(preconditioned);
        direction = preconditioned + next / power * direction;
        power = next;
    }
    return step;
}

}  // namespace

NewtonCgResult minimise_newton_cg(const Objective& objective, const HessianTimes& hessian_times,
                                  Iterate start, const NewtonCgOptions& options) {
    NewtonCgResult result;
    Iterate& iterate = result.iterate;
    iterate = std::move(start);
    result.converged = options.converged(iterate);
    for (int i = 0; i < options.max_iterations && !result.converged; ++i) {
        Vector step = newton_step(hessian_times, iterate, options, result.products);
        const double length = step.lpNorm<Eigen::Infinity>();
        if (length > longest_step) step *= longest_step / length;
        double fraction = 1;
        Trial trial = try_step(objective, iterate, step);
        while (trial == Trial::refused && fraction > shortest_fraction) {
            fraction /= 4;
            trial = try_step(objective, iterate, fraction * step);
        }
        if (trial != Trial::taken) break;
        result.converged = options.converged(iterate);
    }
    return result;
}

}  // namespace attnpaths
