#pragma once

#include "sampling/chain.hpp"
#include "sampling/weight_posterior.hpp"

namespace attnpaths {

/// The posterior over all weights as a sampling target, in whitened units and with a diagonal metric. Tracks
/// the lower triangle of U_1, column by column, and averages f at given points: for each set its [points, D]
/// outputs, one set after the other.
/// @param posterior, features  must outlive the target; features xi [points, N0 n] of each set
SamplingTarget weight_target(WeightPosterior& posterior, const std::vector<Matrix>& features);

}  // namespace attnpaths
