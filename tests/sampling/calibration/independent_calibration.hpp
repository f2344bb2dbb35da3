#pragma once

#include "sampling/calibration/rank_histogram.hpp"
#include "sampling/calibration/small_problem.hpp"

#include <string>
#include <vector>

namespace attnpaths::testing {

/// Exact importance weights, or ones with a mistake that is easily made.
enum class ImportanceVariant {
    exact,
    no_jacobian,    ///< the proposal's density in normal scores against the prior's in whitened unknowns
    limit_degrees,  ///< N_k degrees of freedom of B_ii in place of N_k - i
    unweighted      ///< draws of the proposal taken for draws of the posterior
};

/// "exact", "no-jacobian", "limit-degrees", "unweighted". @throws UsageError for another name
ImportanceVariant importance_variant(const std::string& name);

struct IndependentCalibrationOptions {
    int replicas = 400;
    int blocks = 16;     ///< of draws of every posterior
    int resampled = 63;  ///< of these, with equal weights
    int bins = 16;       ///< of the histograms
    std::uint64_t seed = 1;
};

struct IndependentCalibration {
    std::vector<RankHistogram> histograms;  ///< of the model's quantities, then f at the test point
    std::vector<std::string> moments;       ///< of the model's quantities
    /// Of each moment: (true values - weighted means over the draws), mean over replicas in units of its
    /// error.
    Vector z;

    /// Least p-value times the number of histograms (Bonferroni).
    [[nodiscard]] double p_value() const;
    [[nodiscard]] double largest_z() const { return z.cwiseAbs().maxCoeff(); }
};

/// Calibration of independent draws: unknowns and data are drawn from their joint law, the posterior given
/// the data is sampled as in production. Ranks of the true quantities among resampled draws are uniform, and
/// weighted means have, on average over data, the moments of the truth (Geweke's comparison, without a
/// chain).
IndependentCalibration calibrate_independent_draws(const SmallProblem& problem, ImportanceVariant variant,
                                                   const IndependentCalibrationOptions& options);

}  // namespace attnpaths::testing
