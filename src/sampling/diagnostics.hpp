#pragma once

#include "network/architecture.hpp"

namespace attnpaths {

/// Convergence diagnostics of Vehtari, Gelman, Simpson, Carpenter, Buerkner 2021 (arXiv:1903.08008) for one
/// scalar quantity. `draws` is [draws, chains]; a constant or non-finite quantity, or fewer than four draws,
/// gives NaN.

/// Rank-normalised split R-hat: the larger of the bulk and the folded one.
double rhat(const Matrix& draws);

/// Effective sample size of rank-normalised split chains.
double bulk_ess(const Matrix& draws);

/// Least effective sample size of the 5 % and 95 % quantiles.
double tail_ess(const Matrix& draws);

/// Monte Carlo standard error of the mean: standard deviation / sqrt(effective sample size of the draws
/// themselves).
double mcse_mean(const Matrix& draws);

/// E-BFMI of one chain: mean squared change of the energy over its variance; below 0.3 the momentum is
/// resampled too timidly.
double ebfmi(const Vector& energies);

}  // namespace attnpaths
