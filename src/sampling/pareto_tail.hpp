#pragma once

#include "network/architecture.hpp"

namespace attnpaths {

/// Shape k of a generalised Pareto distribution fitted to the largest importance weights (Vehtari, Simpson,
/// Gelman, Yao, Gabry 2024, arXiv:1507.02646; the fit of Zhang and Stephens 2009): below 1/2 the weights have
/// a finite variance, above 0.7 sums of them are not to be trusted. -infinity where the tail has no spread
/// (equal weights), NaN for fewer than 25 draws.
double pareto_shape(const Vector& log_weights);

}  // namespace attnpaths
