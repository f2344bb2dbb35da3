#pragma once

#include "theory/problem.hpp"
#include "theory/saddle_point.hpp"

namespace attnpaths {

/// Logarithm of the evidence p(y): the density of the training targets under the network at its finite width
/// (theory section 12). Its integral over the order parameters in Laplace's approximation at the saddle
/// point, divided by the same approximation of the prior's integral, whose true value is 1: errors that data
/// and prior share cancel. Independent of the order of the heads. The constants of all normal densities are
/// included, so that values at different temperatures, widths and variances can be compared.
/// @param data_term           that the saddle point was solved with
/// @param targets          P D: how many numbers the training targets are
/// @param log_det_hessian  of -log p = S/2 + ... at the saddle point (NextOrder::log_det_hessian)
double log_evidence_ratio(const Architecture& architecture, const SaddlePoint& saddle, Index targets,
                          double log_det_hessian);

/// The two parts of that ratio, each with the prior's constant: of data and prior, and of the prior alone.
struct LaplaceEvidence {
    double posterior;
    double prior;
};
/// @throws NumericalError if a width is not larger than its number of paths less one, where the prior has no
///         density
LaplaceEvidence laplace_evidence(const Architecture& architecture, const SaddlePoint& saddle, Index targets,
                                 double log_det_hessian);

/// The same ratio of a problem, with the Hessian that it takes (Problem::data_term_hessian).
/// @throws NumericalError if the Hessian is not positive definite
double log_evidence_ratio(const Problem& problem, DataTerm& data_term, const SaddlePoint& saddle);

/// Logarithm of the evidence of a network that says nothing: targets that are noise of variance T.
/// @param power  y'y of all targets
double log_evidence_of_noise(Index targets, double power, double temperature);

/// Logarithm of the evidence of the Gaussian process, the infinitely wide network: exact.
double log_evidence_of_gaussian_process(const Architecture& architecture, DataTerm& data_term, Index targets);

}  // namespace attnpaths
