#pragma once

#include "base/random_stream.hpp"
#include "network/architecture.hpp"

#include <functional>
#include <vector>

namespace attnpaths {

/// Logarithm of an integral, and its Monte Carlo standard error.
struct BridgeEstimate {
    double log_integral;
    double error;  ///< NaN where the draws are too few to say
};

/// log of the integral of exp(log_density) from draws of that density, by bridge sampling (Meng and Wong
/// 1996): a normal law is fitted to one half of the draws and the ratio of the two integrals estimated from
/// the other half and as many draws of the normal law; then the halves change places, and both are averaged.
/// Unlike the weights of importance sampling the bridge is bounded, so that tails heavier than normal do no
/// harm.
/// @param chains       draws in coordinates in which the density is not far from normal [dimension, draws];
///                     errors know of their autocorrelation
/// @param log_density  of positions [dimension, any]; -infinity where there is none
BridgeEstimate bridge_sampling(const std::vector<Matrix>& chains,
                               const std::function<Vector(const Matrix& positions)>& log_density,
                               RandomStream& random);

}  // namespace attnpaths
