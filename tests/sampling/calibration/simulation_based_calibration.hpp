#pragma once

#include "sampling/calibration/joint_model.hpp"
#include "sampling/calibration/rank_histogram.hpp"

namespace attnpaths::testing {

struct SimulationBasedOptions {
    int replicas = 200;
    int draws = 63;    ///< kept of every posterior
    int bins = 16;     ///< of the histograms
    int warmup = 200;  ///< transitions before the draws
    std::uint64_t seed = 1;
};

struct SimulationBasedCalibration {
    int thinning = 1;  ///< transitions per kept draw
    int divergences = 0;
    std::vector<RankHistogram> histograms;  ///< the model's quantities, then f at the test point

    /// Least p-value times the number of histograms (Bonferroni).
    [[nodiscard]] double p_value() const;
};

/// Simulation-based calibration (Talts, Betancourt, Simpson, Vehtari, Gelman 2018, arXiv:1804.06788, section
/// 4): unknowns and data are drawn from the joint law, the posterior given the data is sampled as in
/// production, and the rank of every true quantity among the draws is noted. Draws are thinned to twice the
/// autocorrelation time of the slowest quantity, measured on pilot chains.
SimulationBasedCalibration simulation_based_calibration(const JointModel& model,
                                                        const SimulationBasedOptions& options);

}  // namespace attnpaths::testing
