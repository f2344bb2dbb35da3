#include "theory/lbfgs.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace attnpaths {

namespace {

/// Minimiser of the cubic through two values and slopes, kept inside the middle of the bracket.
double cubic_step(double a, double fa, double da, double b, double fb, double db) {
    double step = (a + b) / 2;
    if (std::isfinite(fb)) {
        const double d1 = da + db - 3 * (fa - fb) / (a - b);
        const double square = d1 * d1 - da * db;
        if (square >= 0) {
            const double d2 = std::copysign(std::sqrt(square), b - a);
            step = b - (b - a) * (db + d2 - d1) / (db - da + 2 * d2);
        }
    }
    const double low = std::min(a, b) + 0.1 * std::abs(b - a);
    const double high = std::max(a, b) - 0.1 * std::abs(b - a);
    return std::isfinite(step) ? std::clamp(step, low, high) : (a + b) / 2;
}

/// Line search along `direction`; moves `iterate` to an acceptable point and returns true, or returns false.
bool line_search(const Objective& objective, Iterate& iterate, const Vector& direction, double first_step,
                 int max_evaluations) {
    constexpr double sufficient_decrease = 1e-4;
    constexpr double slope_reduction = 0.9;
    const double slope0 = iterate.gradient.dot(direction);
    if (!(slope0 < 0)) return false;
    const double noise = value_noise * std::max(1.0, std::abs(iterate.value));

    double low = 0;
    double low_value = iterate.value;
    double low_slope = slope0;
    double high = std::numeric_limits<double>::infinity();
    double high_value = 0;
    double high_slope = 0;
    double step = first_step;
    Vector x;
    Vector gradient;
    for (int trial = 0; trial < 12 && iterate.evaluations < max_evaluations; ++trial) {
        x = iterate.x + step * direction;
        const double value = objective.value_and_gradient(x, gradient);
        ++iterate.evaluations;
        const double slope = std::isfinite(value) ? gradient.dot(direction) : 0;
        const bool decreased =
            value <= iterate.value + sufficient_decrease * step * slope0 ||
            (value <= iterate.value + noise && slope <= (2 * sufficient_decrease - 1) * slope0);
        if (std::isfinite(value) && decreased && std::abs(slope) <= -slope_reduction * slope0) {
            iterate.x = x;
            iterate.value = value;
            iterate.gradient = gradient;
            ++iterate.iterations;
            return true;
        }
        if (!std::isfinite(value) || !decreased || value > low_value + noise || slope > 0) {
            high = step;
            high_value = value;
            high_slope = slope;
            // A point on the far side of the minimum that is lower than `low` bounds the bracket from above.
        } else {
            low = step;
            low_value = value;
            low_slope = slope;
        }
        step =
            std::isinf(high) ? 3 * step : cubic_step(low, low_value, low_slope, high, high_value, high_slope);
    }
    // No Wolfe point: take the lower end of the bracket if it is progress at all.
    if (low == 0) return false;
    x = iterate.x + low * direction;
    iterate.value = objective.value_and_gradient(x, iterate.gradient);
    iterate.x = x;
    ++iterate.evaluations;
    ++iterate.iterations;
    return true;
}

}  // namespace

LbfgsResult minimise_lbfgs(const Objective& objective, Iterate iterate, const LbfgsOptions& options) {
    InverseHessian inverse_hessian(objective.curvature_scale(iterate.x).cwiseInverse(), options.memory);
    Iterate best = iterate;
    double best_norm = iterate.gradient_norm();
    double patience_norm = best_norm;
    int patience_start = iterate.evaluations;
    while (best_norm > options.gradient_tolerance && iterate.evaluations < options.max_evaluations) {
        const Vector direction = -inverse_hessian.times(iterate.gradient);
        const double longest = direction.lpNorm<Eigen::Infinity>();
        const Vector x = iterate.x;
        const Vector gradient = iterate.gradient;
        // Unknowns are logarithms and correlations of order one: no first trial further than that.
        if (!line_search(objective, iterate, direction, std::min(1.0, 1 / longest), options.max_evaluations))
            break;
        inverse_hessian.learn(iterate.x - x, iterate.gradient - gradient);
        const double norm = iterate.gradient_norm();
        if (norm < best_norm) {
            best = iterate;
            best_norm = norm;
        }
        if (best_norm < patience_norm / 2) {
            patience_norm = best_norm;
            patience_start = iterate.evaluations;
        } else if (iterate.evaluations - patience_start > options.patience) {
            break;
        }
    }
    best.evaluations = iterate.evaluations;
    best.iterations = iterate.iterations;
    return {std::move(best), std::move(inverse_hessian)};
}

}  // namespace attnpaths
