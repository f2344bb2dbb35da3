#pragma once

#include "sampling/order_parameter_posterior.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace attnpaths {

struct SamplingOptions {
    int chains = 4;
    int warmup = 300;      ///< transitions per chain
    int draws = 500;       ///< per chain, before the diagnostics are looked at
    int max_draws = 4000;  ///< per chain; sampling goes on in portions of `draws` until the targets are met
    double target_ess =
        400;  ///< least bulk effective sample size over the elements of U_1 and the log density
    double target_rhat = 1.01;
    std::function<void()> poll = [] {};
};

/// Draws of the order parameters with their diagnostics.
struct OrderParameterSample {
    Matrix mean;           ///< posterior mean of U_1 [nD, nD]
    Matrix mcse;           ///< its Monte Carlo standard error, element by element
    double rhat = 0;       ///< worst over the elements of U_1 and the log density
    double ess = 0;        ///< least bulk effective sample size over the same
    double tail_ess = 0;   ///< least over the same
    double ebfmi = 0;      ///< least over the chains
    double step_size = 0;  ///< mean over the chains
    int draws = 0;         ///< per chain
    int divergences = 0;
    int depth_hits = 0;  ///< transitions that reached the largest tree depth
    long gradient_evaluations = 0;
    bool converged = false;              ///< targets met, no divergence
    std::vector<std::vector<Matrix>> U;  ///< draws of U_1, chain by chain
};

/// Samples the exact posterior of the order parameters. Chains start at dispersed draws around the mode
/// `centre` and use random streams named by `key` and chain number, so the result depends on the arguments
/// alone.
/// @param precision  of the log density at the centre: sets the scale of the unknowns
OrderParameterSample sample_order_parameters(OrderParameterPosterior& posterior, const Vector& centre,
                                             const Matrix& precision, std::uint64_t key,
                                             const SamplingOptions& options);

}  // namespace attnpaths
