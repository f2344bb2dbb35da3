#pragma once

#include "analyses/analysis.hpp"
#include "analyses/order_parameter_samples/independent_means.hpp"
#include "analyses/order_parameter_samples/order_parameter_settings.hpp"

namespace attnpaths {

ProblemSize size_of(const Problem& problem);

/// Whether control variates of independent draws that are worth so many are to be made: where the draws are
/// enough to fit them, and their third derivatives take a small part of what a point may take.
bool are_controlled(const ProblemSize& size, const OrderParameterSettings& settings, double effective_draws);

/// Whether sums over all draws of controls and predictors are small enough to be kept.
bool has_room_for_all(const ProblemSize& size);

/// Over how many draws predictors are averaged: their variances over as many as their means where that takes
/// a small part of what a point may take, else over a fifth.
PredictorDraws predictor_draws(const ProblemSize& size, const OrderParameterSettings& settings);

/// Cost of independent draws, as many as are made before their weights are looked at for the first time.
NominalCost independent_cost(const ProblemSize& size, const OrderParameterSettings& settings);

/// Cost of sampling by the method of the settings; nothing where a point is left out.
NominalCost order_parameter_cost(const ProblemSize& size, const OrderParameterSettings& settings);

/// Bytes at work.
double order_parameter_bytes(const ProblemSize& size);

}  // namespace attnpaths
