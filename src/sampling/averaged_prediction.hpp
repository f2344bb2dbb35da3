#pragma once

#include "theory/predictor.hpp"

namespace attnpaths {

/// Predictor of a sampled posterior at a set of points, from the means of f and of f^2 over blocks of draws
/// that are long enough to be independent of each other. Its mean is the mean over the draws, its variance
/// that of f under the posterior (where a draw gives a Gaussian process rather than a function, f is its
/// mean, and its own variance is added: Rao-Blackwell).
class AveragedPrediction {
  public:
    /// @param means         [points D, blocks], rows points of the first output, then of the second, ...
    /// @param mean_squares  the same of f^2
    /// @param outputs       D
    /// @param own_variances  of draws that are Gaussian processes, averaged [points D]; empty: there are none
    AveragedPrediction(Matrix means, const Matrix& mean_squares, Index outputs, Vector own_variances = {});

    [[nodiscard]] const Prediction& prediction() const { return prediction_; }
    [[nodiscard]] const Vector& own_variances() const { return own_variances_; }
    /// Monte Carlo standard error of the mean at every point [points, D]; NaN for a single block.
    [[nodiscard]] Matrix mean_error() const;
    /// Monte Carlo standard error of the bias of the mean, sum over outputs and mean over points of
    /// |y - mean|^2, to first order in the mean's; NaN for a single block.
    [[nodiscard]] double bias_error(const Matrix& targets) const;
    /// Monte Carlo standard error of the accuracy of the mean, from random halves of the blocks: these move
    /// the mean as much as its own error does, which a function with steps needs (the jackknife does not).
    [[nodiscard]] double accuracy_error(const Matrix& targets) const;

  private:
    Matrix block_means_;
    Prediction prediction_;
    Vector own_variances_;
};

}  // namespace attnpaths
