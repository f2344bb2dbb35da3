#include "theory/saddle_point.hpp"

#include "base/error.hpp"
#include "base/random_stream.hpp"
#include "theory/davidson.hpp"
#include "theory/lapack.hpp"
#include "theory/lbfgs.hpp"
#include "theory/natural_action.hpp"
#include "theory/newton.hpp"
#include "theory/newton_cg.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace attnpaths {

namespace {

/// L-BFGS goes down to here; from here one or two Newton steps reach rounding, and their Hessian is needed
/// for the certificate. Measured on the paper's tasks: below 1e-6 L-BFGS spends more evaluations than a
/// Hessian costs, or stalls.
constexpr double handover_gradient = 1e-6;
/// Of the smallest eigenvalue: enough to know its sign and its size.
constexpr double eigenvalue_precision = 0.1;
constexpr int most_eigenvalue_products = 40;

double largest_entry(const OrderParameters& gradient) {
    double largest = gradient.U_a.cwiseAbs().maxCoeff();
    for (const Matrix& level : gradient.U) largest = std::max(largest, level.cwiseAbs().maxCoeff());
    return largest;
}

/// max |A' G A| over the order parameters U = A A'.
double largest_relative(const OrderParameters& gradient, const OrderParameters& factors, bool absolute) {
    double largest = 0;
    const auto look = [&](const Matrix& G, const Matrix& A) {
        const Matrix product =
            absolute ? Matrix(A.cwiseAbs().transpose() * G * A.cwiseAbs()) : Matrix(A.transpose() * G * A);
        largest = std::max(largest, product.cwiseAbs().maxCoeff());
    };
    look(gradient.U_a, factors.U_a);
    for (std::size_t l = 0; l < gradient.U.size(); ++l) look(gradient.U[l], factors.U[l]);
    return largest;
}

GradientCertificate certificate_of(const Action::GradientInOrderParameters& gradient,
                                   const OrderParameters& factors) {
    return {largest_entry(gradient.value), largest_entry(gradient.bound),
            largest_relative(gradient.value, factors, false),
            largest_relative(gradient.bound, factors, true)};
}

/// From the assembled kernel, which is at hand, or, where that does not do, from the triangle of the
/// features.
GradientCertificate certify(Action& action, const Vector& unknowns, double tolerance) {
    const OrderParameters factors = WhitenedCoordinates::factors(action.coordinates().expand(unknowns));
    const GradientCertificate assembled =
        certificate_of(action.bounded_gradient_in_order_parameters(unknowns), factors);
    if (assembled.norm_U + assembled.bound_U <= tolerance) return assembled;
    const GradientCertificate precise =
        certificate_of(action.precise_gradient_in_order_parameters(unknowns), factors);
    return precise.norm_U + precise.bound_U < assembled.norm_U + assembled.bound_U ? precise : assembled;
}

struct Solution {
    Iterate iterate;
    RitzValue hessian_min;
    int hessian_products = 0;
};

/// Goes on where whitened coordinates or the assembled kernel cannot: U_k near singular, K + T I near
/// rounding.
Solution improve_in_natural_coordinates(const Action& action, const DataTerm& data_term, Iterate iterate,
                                        const SaddlePointOptions& options) {
    const NaturalAction natural(action.coordinates(), data_term, action.largest_width());
    Objective objective;
    objective.value_and_gradient = [&](const Vector& x, Vector& gradient) {
        options.poll();
        return natural.value_and_gradient(x, gradient);
    };
    objective.hessian = [&](const Vector& x) {
        options.poll();
        return natural.hessian(x);
    };
    objective.move = [&](const Vector& x, const Vector& eta) { return natural.move(x, eta); };
    objective.curvature_scale = [&](const Vector&) { return natural.curvature_scale(); };
    NewtonOptions newton;
    newton.converged = [](const Iterate&) { return false; };  // until rounding is left, two steps more
    newton.max_iterations = 200;
    const int hessians = std::exchange(iterate.hessians, 0);
    iterate.value = objective.value_and_gradient(iterate.x, iterate.gradient);
    Solution solution{minimise_newton(objective, std::move(iterate), newton).iterate, {}, 0};
    const Vector& x = solution.iterate.x;
    const Matrix hessian = objective.hessian(x);
    solution.iterate.hessians += hessians + 1;
    Matrix inverse = natural.inverse_hessian_in_unknowns(x, hessian);
    if (inverse.size() == 0)
        throw NumericalError(
            "no minimum of the action was found: where rounding ends the search the Hessian is not positive "
            "definite; raise the temperature or the widths");
    solution.hessian_min.value = 1 / lapack::symmetric_eigenvalues(inverse, false)(inverse.rows() - 1);
    return solution;
}

/// Whether all that is wanted of a gradient is reached.
bool is_small(Action& action, const Iterate& at, double tolerance) {
    return at.gradient_norm() <= tolerance &&
           largest_entry(action.gradient_in_order_parameters(at.x)) <= tolerance;
}

/// Without a Hessian.
Solution minimise_many(Action& action, const Objective& objective, Iterate iterate,
                       const SaddlePointOptions& options) {
    const auto hessian_times = [&](const Vector& x, const Vector& direction) {
        options.poll();
        return action.hessian_times(x, direction);
    };
    LbfgsOptions lbfgs;
    lbfgs.gradient_tolerance = handover_gradient;
    lbfgs.max_evaluations = options.max_evaluations;
    LbfgsResult descent = minimise_lbfgs(objective, std::move(iterate), lbfgs);
    NewtonCgOptions newton;
    newton.gradient_tolerance = options.tolerance;
    // What the descent has learnt of the curvature spares half of the products, and more of the eigenvalue's.
    newton.precondition = [&](const Vector& vector) { return descent.inverse_hessian.times(vector); };
    newton.converged = [&](const Iterate& at) { return is_small(action, at, options.tolerance); };
    NewtonCgResult result = minimise_newton_cg(objective, hessian_times, std::move(descent.iterate), newton);
    const Vector& x = result.iterate.x;
    const RitzValue smallest =
        smallest_eigenvalue([&](const Vector& direction) { return hessian_times(x, direction); },
                            newton.precondition, x.size(), eigenvalue_precision, most_eigenvalue_products);
    return {std::move(result.iterate), smallest, result.products + smallest.products};
}

Solution minimise(Action& action, const DataTerm& data_term, const Vector& start,
                  const SaddlePointOptions& options) {
    Objective objective;
    objective.value_and_gradient = [&](const Vector& x, Vector& gradient) {
        options.poll();
        return action.value_and_gradient(x, gradient);
    };
    objective.hessian = [&](const Vector& x) {
        options.poll();
        return action.hessian(x);
    };
    objective.curvature_scale = [&](const Vector& x) { return action.entropy_curvature(x); };

    Iterate iterate;
    iterate.x = start;
    iterate.value = objective.value_and_gradient(iterate.x, iterate.gradient);
    iterate.evaluations = 1;
    if (!std::isfinite(iterate.value))
        throw NumericalError(
            "K + T I is not positive definite at the prior; raise the temperature or check the data");

    if (start.size() > options.most_dense_unknowns)
        return minimise_many(action, objective, std::move(iterate), options);

    LbfgsOptions lbfgs;
    lbfgs.gradient_tolerance = handover_gradient;
    lbfgs.max_evaluations = options.max_evaluations;
    iterate = minimise_lbfgs(objective, iterate, lbfgs).iterate;

    // max |dS/dB| has a floor of rounding where U is large; what it cannot reach ends the iteration too.
    NewtonOptions newton;
    newton.converged = [&](const Iterate& at) { return is_small(action, at, options.tolerance); };
    NewtonResult result = minimise_newton(objective, iterate, newton);
    if (!result.converged &&
        !(largest_entry(action.gradient_in_order_parameters(result.iterate.x)) <= options.tolerance)) {
        Solution solution =
            improve_in_natural_coordinates(action, data_term, std::move(result.iterate), options);
        solution.iterate.value = objective.value_and_gradient(solution.iterate.x, solution.iterate.gradient);
        ++solution.iterate.evaluations;
        if (!std::isfinite(solution.iterate.value))
            throw NumericalError(
                "K + T I is not positive definite within rounding at the saddle point; raise the "
                "temperature");
        return solution;
    }
    if (result.hessian.size() == 0) {
        result.hessian = objective.hessian(result.iterate.x);
        ++result.iterate.hessians;
    }
    RitzValue smallest;
    smallest.value = lapack::symmetric_eigenvalues(result.hessian, false)(0);
    return {std::move(result.iterate), smallest, 0};
}

/// A start far from the prior mean, always the same: every unknown moved by a normal deviate.
Vector far_start(Index size) {
    RandomStream random(0, "saddle-point/second-start", 0);
    Vector start(size);
    for (double& unknown : start) unknown = 0.7 * random.normal();
    return start;
}

/// A residual that rounding does not explain is no solution.
void require_solved(const GradientCertificate& gradient, double tolerance) {
    constexpr double modest = 10;
    if (gradient.norm_U <= modest * gradient.bound_U + tolerance ||
        gradient.norm_relative <= modest * gradient.bound_relative + tolerance)
        return;
    throw NumericalError(
        fmt::format("the saddle point was not found: max |dS/dU| is {:.1e} where rounding explains {:.1e}; "
                    "raise the temperature or the widths",
                    gradient.norm_U, gradient.bound_U));
}

Matrix path_order_parameter(const Action& action, const Vector& unknowns) {
    return WhitenedCoordinates::path_order_parameter(action.coordinates().expand(unknowns));
}

}  // namespace

SaddlePoint solve_saddle_point(const Architecture& architecture, DataTerm& data_term,
                               const SaddlePointOptions& options) {
    Action action(architecture, data_term);
    Solution solution = minimise(action, data_term, Vector::Zero(action.coordinates().size()), options);
    SaddlePoint result;
    if (options.second_start) {
        Solution second = minimise(action, data_term, far_start(action.coordinates().size()), options);
        result.second_start_difference = (path_order_parameter(action, solution.iterate.x) -
                                          path_order_parameter(action, second.iterate.x))
                                             .cwiseAbs()
                                             .maxCoeff();
        // Two minima: the lower one is the theory's. Equal ones differ by rounding, and the first start's
        // stays.
        if (second.iterate.value < solution.iterate.value - value_noise * std::abs(solution.iterate.value))
            std::swap(solution, second);
    }
    result.unknowns = solution.iterate.x;
    result.order_parameters =
        WhitenedCoordinates::order_parameters(action.coordinates().expand(result.unknowns));
    result.action = action.parts(result.unknowns);
    result.gradient_norm = solution.iterate.gradient_norm();
    result.gradient = certify(action, result.unknowns, options.tolerance);
    require_solved(result.gradient, options.tolerance);
    result.hessian_min = solution.hessian_min.value;
    result.hessian_min_error = solution.hessian_min.residual;
    result.iterations = solution.iterate.iterations;
    result.evaluations = solution.iterate.evaluations;
    result.hessians = solution.iterate.hessians;
    result.hessian_products = solution.hessian_products;
    result.is_certified = result.hessian_min > result.hessian_min_error &&
                          result.gradient.norm_U + result.gradient.bound_U <= options.tolerance;
    return result;
}

}  // namespace attnpaths
