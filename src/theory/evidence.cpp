#include "theory/evidence.hpp"

#include "base/error.hpp"
#include "theory/posterior_hessian.hpp"

#include <cmath>
#include <numbers>

namespace attnpaths {

namespace {

const double log_two_pi = std::log(2 * std::numbers::pi);

/// Logarithm of the constant of the Bartlett prior's density over the unknowns.
double prior_constant(const WhitenedCoordinates& coordinates) {
    double constant = 0;
    for (const WhitenedCoordinates::Level& level : coordinates.levels())
        WhitenedCoordinates::for_each_unknown(level, [&](Index i, Index j, Index) {
            const double freedom = level.width - static_cast<double>(i);
            if (freedom <= 0)
                throw NumericalError("evidence: a width below the number of its paths has no prior density");
            if (i == j) {
                constant += freedom / 2 * std::log(level.width) + (1 - freedom / 2) * std::log(2.0) -
                            std::lgamma(freedom / 2);
            } else {
                constant += (std::log(level.width) - log_two_pi) / 2;
            }
        });
    return constant;
}

/// Laplace's approximation of the prior's integral, without its constant: S = sum N_k n_k at B = I.
double bare_prior(const WhitenedCoordinates& coordinates) {
    double value = static_cast<double>(coordinates.size()) / 2 * log_two_pi;
    for (const WhitenedCoordinates::Level& level : coordinates.levels()) {
        value -= level.width * static_cast<double>(level.rows) / 2;
        WhitenedCoordinates::for_each_unknown(
            level, [&](Index i, Index j, Index) { value -= std::log((i == j ? 2 : 1) * level.width) / 2; });
    }
    return value;
}

/// Laplace's approximation of the posterior's integral, without the prior's constant.
double bare_posterior(const WhitenedCoordinates& coordinates, const Architecture& architecture,
                      const SaddlePoint& saddle, Index targets, double log_det_hessian) {
    double value = static_cast<double>(coordinates.size() - targets) / 2 * log_two_pi - log_det_hessian / 2 -
                   architecture.largest_width() * saddle.action.action / 2;
    for (const WhitenedCoordinates::Level& level : coordinates.levels()) {
        // The action has the constant -sum N_k n_k log sigma_k^2, which is the prior's affair.
        value -= level.width * static_cast<double>(level.rows) * std::log(level.sigma);
        WhitenedCoordinates::for_each_unknown(level, [&](Index i, Index j, Index index) {
            // The exact density has N_k - i where the action has N_k.
            if (i == j) value -= static_cast<double>(i) * saddle.unknowns(index);
        });
    }
    return value;
}

}  // namespace

double log_evidence_ratio(const Architecture& architecture, const SaddlePoint& saddle, Index targets,
                          double log_det_hessian) {
    const WhitenedCoordinates coordinates(architecture);
    return bare_posterior(coordinates, architecture, saddle, targets, log_det_hessian) -
           bare_prior(coordinates);
}

LaplaceEvidence laplace_evidence(const Architecture& architecture, const SaddlePoint& saddle, Index targets,
                                 double log_det_hessian) {
    const WhitenedCoordinates coordinates(architecture);
    const double constant = prior_constant(coordinates);
    return {constant + bare_posterior(coordinates, architecture, saddle, targets, log_det_hessian),
            constant + bare_prior(coordinates)};
}

double log_evidence_ratio(const Problem& problem, DataTerm& data_term, const SaddlePoint& saddle) {
    Action action(problem.architecture(), data_term);
    const Matrix factor = posterior_hessian_factor(
        action, saddle, problem.data_term_hessian(data_term, saddle.order_parameters.U.front()));
    return log_evidence_ratio(problem.architecture(), saddle, problem.training().targets().size(),
                              log_determinant(factor));
}

double log_evidence_of_noise(Index targets, double power, double temperature) {
    return -static_cast<double>(targets) / 2 * (log_two_pi + std::log(temperature)) -
           power / (2 * temperature);
}

double log_evidence_of_gaussian_process(const Architecture& architecture, DataTerm& data_term,
                                        Index targets) {
    Matrix unused;
    const double value =
        data_term.value_and_gradient(gaussian_process_order_parameters(architecture).U.front(), unused);
    return -value / 2 - static_cast<double>(targets) / 2 * log_two_pi;
}

}  // namespace attnpaths
