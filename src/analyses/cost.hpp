#pragma once

#include "analyses/plan.hpp"

#include <vector>

namespace attnpaths {

// Of a core of today; factors learnt from points that are done (CostModel) absorb the rest.
inline constexpr double flops_per_second = 3e10;
inline constexpr double bytes_per_second = 1e10;

/// Seconds of one evaluation of action or log density with its gradient; a predictor costs about as much.
double evaluation_seconds(const ProblemSize& size);

/// Seconds of the leading eigenpairs of a symmetric matrix with this many rows.
double eigenpair_seconds(double rows, double count);

/// Seconds and bytes of the Gaussian process of `paths` of the paths, at whatever temperature, on its own:
/// points that share it pay once.
double gaussian_process_seconds(const ProblemSize& size, double paths);
double gaussian_process_bytes(const ProblemSize& size, double paths);

/// Seconds that the features of examples which are not held take, and the reduction of a training set with
/// more examples than features.
double training_set_seconds(const ProblemSize& size);

/// What the analyses of a plan cost, one by one, by a count of operations, on a core of the rates assumed
/// here. It knows nothing of how hard a point is (iterations, trajectory lengths): CostModel learns that from
/// points that are done. The first one's includes that of the training set.
std::vector<NominalCost> costs_of(const Plan& plan, const ProblemSize& size, const Settings& settings);

/// What they cost together, with what any point costs.
NominalCost sum_of(const std::vector<NominalCost>& costs);

}  // namespace attnpaths
