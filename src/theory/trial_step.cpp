#include "theory/trial_step.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace attnpaths {

Trial try_step(const Objective& objective, Iterate& iterate, const Vector& step) {
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
    iterate.gradient = std::move(gradient);
    ++iterate.iterations;
    return Trial::taken;
}

}  // namespace attnpaths
