#pragma once

#include "theory/predictor.hpp"

namespace attnpaths {

/// Predictor of a sampled posterior at a set of points, from the means of f and of f^2 over blocks of draws
/// that are long enough to be independent of each other. Its mean is the mean over the draws, its variance
/// that of f under the posterior (where a draw gives a Gaussian process rather than a function, f^2 stands
/// for variance + mean^2: Rao-Blackwell).
class AveragedPrediction {
  public:
    /// @param means         [points D, blocks], rows points of the first output, then of the second, ...
    /// @param mean_squares  the same of f^2
    /// @param outputs       D
    AveragedPrediction(Matrix means, const Matrix& mean_squares, Index outputs);

    [[nodiscard]] const Prediction& prediction() const { return prediction_; }
    /// Monte Carlo standard error of the mean at every point [points, D]; NaN for a single block.
    [[nodiscard]] Matrix mean_error() const;
    /// Monte Carlo standard error of the accuracy of the mean, from random halves of the blocks: these move
    /// the mean as much as its own error does, which a function with steps needs (the jackknife does not).
    [[nodiscard]] double accuracy_error(const Matrix& targets) const;

  private:
    Matrix block_means_;
    Prediction prediction_;
};

}  // namespace attnpaths
