#pragma once

#include "analyses/analysis.hpp"
#include "analyses/order_parameter_samples/order_parameter_settings.hpp"

namespace attnpaths {

/// Cost of independent draws, as many as are made before their weights are looked at for the first time.
NominalCost independent_cost(const ProblemSize& size, const OrderParameterSettings& settings);

/// Cost of sampling by the method of the settings; nothing where a point is left out.
NominalCost order_parameter_cost(const ProblemSize& size, const OrderParameterSettings& settings);

/// Bytes at work.
double order_parameter_bytes(const ProblemSize& size);

}  // namespace attnpaths
