#pragma once

#include "network/path_kernels.hpp"

#include <span>

namespace attnpaths {

/// Path-path kernels between points and the training examples, and of the points themselves, for predictors
/// of many order parameters at the same points: k(U) is then a sum over pairs of paths and not over features,
/// and those of many U are one product of matrices. For one output.
class PointKernels {
  public:
    /// @param training  training kernels
    /// @param features  xi of the points [points, N0 n]
    PointKernels(const PathKernels& training, const Matrix& features);

    /// Bytes that it holds.
    static double bytes(Index points, Index examples, Index paths);

    [[nodiscard]] Index points() const { return own_.rows(); }
    /// k(U) of many U_1 [n, n], as one product: a column [P points] each, point by point.
    [[nodiscard]] Matrix cross(std::span<const Matrix> U) const;
    /// k**(U) of them [points, U].
    [[nodiscard]] Matrix own(std::span<const Matrix> U) const;

  private:
    Index examples_;
    Matrix cross_;  // [P points, pairs], pairs of paths as the lower triangle of U_1 has them
    Matrix own_;    // [points, pairs]
};

}  // namespace attnpaths
