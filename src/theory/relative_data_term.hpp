#pragma once

#include "network/path_kernels.hpp"
#include "theory/training_set.hpp"

namespace attnpaths {

/// Data term around U = A A' in units of U itself: as a function of S in U = A S A', at S = I. Features are
/// mixed by A and K + T I is never formed: its Cholesky factor is the triangle of [sqrt(c) A' xi'; sqrt(T)
/// I], so that directions whose kernel is small keep their digits down to sqrt(T) instead of T, and what is
/// small because U is small is small before anything is added to it (theory section 5). Costs several times
/// as much as DataTerm.
class RelativeDataTerm {
  public:
    /// @param y  targets [P, D];  @param A  [n D, n D]
    RelativeDataTerm(const PathKernels& kernels, const Matrix& y, double temperature, const Matrix& A);

    /// E without its constant.
    [[nodiscard]] double value() const { return value_; }
    /// A' dE/dU A, symmetric [n D, n D].
    [[nodiscard]] const Matrix& gradient() const { return gradient_; }
    /// Second derivative in S, in the coordinates of DataTerm::hessian.
    [[nodiscard]] Matrix hessian() const;

    struct BoundedGradient {
        Matrix value;
        Matrix bound;
    };
    /// dE/dU, each entry on its own, with a bound on the error of each as the derivative at U = A A'
    /// rounded: of first order, errors taken as independent (theory section 5, "Rounding"); infinite where A
    /// is too ill conditioned for that.
    [[nodiscard]] BoundedGradient in_order_parameters(const FeatureAccuracy& accuracy) const;

  private:
    [[nodiscard]] Matrix gradient_bound(const Matrix& A_inverse, const FeatureAccuracy& accuracy) const;

    double prefactor_;
    double temperature_;
    Matrix A_;
    Matrix factor_;     // L in the lower triangle, L L' = K + T I
    Vector row_sizes_;  // e of the rounding of rows [F, sqrt(T) I]
    Matrix whitened_;   // L^{-1} X, X the mixed features at their outputs
    Vector v_;          // L^{-1} y
    double value_ = 0;
    Matrix gradient_;
};

}  // namespace attnpaths
