#pragma once

#include "network/path_kernels.hpp"

namespace attnpaths {

/// Energy around U = A A' in units of U itself: as a function of S in U = A S A', at S = I. Features are
/// mixed by A and K + T I is never formed: its Cholesky factor is the triangle of [sqrt(c) A' xi'; sqrt(T)
/// I], so that directions whose kernel is small keep their digits down to sqrt(T) instead of T, and what is
/// small because U is small is small before anything is added to it (theory section 5). Costs several times
/// as much as Energy.
class RelativeEnergy {
  public:
    /// @param y  targets [P, D];  @param A  [n D, n D]
    RelativeEnergy(const PathKernels& kernels, const Matrix& y, double temperature, const Matrix& A);

    /// E without its constant.
    [[nodiscard]] double value() const { return value_; }
    /// A' dE/dU A, symmetric [n D, n D].
    [[nodiscard]] const Matrix& gradient() const { return gradient_; }
    /// Second derivative in S, in the coordinates of Energy::hessian.
    [[nodiscard]] Matrix hessian() const;

  private:
    double prefactor_;
    Matrix whitened_;  // L^{-1} X, X the mixed features at their outputs
    Vector v_;         // L^{-1} y
    double value_ = 0;
    Matrix gradient_;
};

}  // namespace attnpaths
