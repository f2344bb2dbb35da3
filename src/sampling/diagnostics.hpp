#pragma once

#include "network/architecture.hpp"

namespace attnpaths {

/// Convergence diagnostics of Vehtari, Gelman, Simpson, Carpenter, Buerkner 2021 (arXiv:1903.08008) for one
/// scalar quantity. `draws` is [draws, chains]. Every chain is cut into its first and second half; the middle
/// one of an odd number of draws counts in quantiles and moments only.
///
/// All of them are NaN for fewer than four draws, for draws that are not all finite, and for draws that are
/// all the same; effective sample sizes and standard errors for fewer than six draws too. One constant chain
/// among others that move is no reason for NaN: it has no variance of its own, and R-hat and the sample sizes
/// say how bad that is. They agree with version 1.4 of the R package posterior, except that it calls draws
/// constant within an absolute 2.2e-16, which would depend on the unit of the quantity, and ranks infinite
/// draws.

/// Rank-normalised split R-hat: the larger of the bulk and the folded one (section 4). NaN also if all draws
/// are equally far from their median.
double rhat(const Matrix& draws);

/// Effective sample size of rank-normalised split chains (section 4).
double bulk_ess(const Matrix& draws);

/// Least effective sample size of the 5 % and 95 % quantiles (section 4). NaN also if no draw lies above one
/// of them, as with a quantity of few values.
double tail_ess(const Matrix& draws);

/// Monte Carlo standard error of the mean: standard deviation / sqrt(effective sample size of the draws
/// themselves, section 3.2).
double mcse_mean(const Matrix& draws);

/// Monte Carlo standard error of the standard deviation s: that of s^2, which is a mean of squared deviations
/// with an effective sample size of their own (section 3.2), divided by 2 s (the delta method). NaN also if
/// all squared deviations are the same.
double mcse_sd(const Matrix& draws);

/// All of the above for one quantity, from one sorting of its draws.
struct Diagnostics {
    double rhat;
    double bulk_ess;
    double tail_ess;
    double mean;  ///< of all draws; in the unit of the quantity, as the following
    double mcse_mean;
    double sd;  ///< of all draws, with denominator (number - 1)
    double mcse_sd;
};

/// Mean and standard deviation are given for any draws that there are, the constant ones included.
Diagnostics diagnose(const Matrix& draws);

/// E-BFMI of one chain: mean squared change of the energy over its variance; below 0.3 the momentum is
/// resampled too timidly.
double ebfmi(const Vector& energies);

}  // namespace attnpaths
