#pragma once

#include "base/random_stream.hpp"
#include "network/architecture.hpp"

#include <vector>

namespace attnpaths {

/// Weights of these logarithms, the largest of them being 1.
Vector relative_weights(const Vector& log_weights);

/// (sum w)^2 / sum w^2 of weights: how many draws of the posterior itself they are worth.
double effective_draws(const Vector& log_weights);

/// Numbers of `count` draws of equal weight that stand for those of these weights, ascending: systematic
/// resampling, in which draw i is taken count w_i / sum w times, rounded up or down, and so on average.
std::vector<Index> resample(const Vector& weights, Index count, RandomStream& random);

}  // namespace attnpaths
