#pragma once

#include "network/path_kernels.hpp"

namespace attnpaths {

/// Variance of f after training, by the weights of path features instead of kernels of examples: with
/// c U = A A and phi(x) the path features of a point mixed by A, [N0 n D] for each output,
///   k** - k'(K + T I)^{-1} k = T |R'^{-1} phi(x)|^2,   R'R = T I + sum over examples and outputs phi phi',
/// (theory section 6). A third of the work where examples are as many as path features, and nothing
/// is subtracted: small variances keep their digits. R is the triangle of [sqrt(T) I; phi'], so that R'R, of
/// the condition squared, is never formed.
class WeightCovariance {
  public:
    /// @param kernels      training kernels
    /// @param temperature  T
    /// @param U            U_1 [n D, n D]
    WeightCovariance(const PathKernels& kernels, double temperature, const Matrix& U);

    /// @param features  xi of the points, [points, N0 n]
    /// @return [points, D]
    [[nodiscard]] Matrix variance(const Matrix& features) const;

  private:
    /// phi of one output [points, N0 n D].
    [[nodiscard]] Matrix mixed(const Matrix& features, Index output) const;

    Index paths_;
    Index outputs_;
    double temperature_;
    Matrix mixing_;    // A, symmetric
    Matrix triangle_;  // R
};

}  // namespace attnpaths
