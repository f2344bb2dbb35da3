#pragma once

#include "network/path_kernels.hpp"
#include "theory/gradient_bound.hpp"

namespace attnpaths {

/// Data term of one output where kernels of all pairs of paths are not in memory: from the features, whitened
/// by K + T I = L L'. With U_1 = A A' and features xi_a of path a,
///     K = c (xi A)(xi A)',   Z = L^{-1} xi,   v = L^{-1} y,   p_a = Z_a'v,
///     dE/dU_ab = c [ <Z_a, Z_b> - p_a . p_b ],
/// so that every large product has a triangular factor or a symmetric result, and costs half. In memory
/// beside the features are Z and a small part of mixed features (theory section 5).
class WhitenedDataTerm {
  public:
    /// @param kernels  of one output; must outlive this object
    /// @param targets  y [P]
    WhitenedDataTerm(const PathKernels& kernels, Vector targets, double temperature);

    /// @param A         lower triangular [n, n], U_1 = A A'
    /// @param gradient  receives dE/dU_1, each entry on its own, symmetric [n, n]
    /// @returns E without DataTerm::constant(); +infinity (gradient untouched) where K + T I is not
    /// numerically positive definite
    double value_and_gradient(const Matrix& A, Matrix& gradient);

    /// Change of the gradient when A changes by `change`; as much work as a gradient.
    /// @param change  lower triangular [n, n]
    /// @throws NumericalError if K + T I is not positive definite
    [[nodiscard]] Matrix hessian_times(const Matrix& A, const Matrix& change);

    /// (K + T I)^{-1} as the bound on the gradient's error wants it; uses up what is kept of the features.
    /// @param weights  of the examples [P]
    /// @throws NumericalError if K + T I is not positive definite
    [[nodiscard]] SolvedNorms solved_norms(const Matrix& A, const Vector& weights);
    /// (K + T I)^{-1} y of the last A.
    [[nodiscard]] Vector solved_targets() const;

  private:
    /// c (F M)(F M)' in the lower triangle, for F whose paths are mixed by a lower triangular M. [P, P]
    [[nodiscard]] Matrix mixed_kernel(const Matrix& F, const Matrix& M) const;
    /// Brings all below to this A. @returns whether K + T I is positive definite
    bool evaluate(const Matrix& A);
    void require(const Matrix& A);
    /// (Z'x) by path [N0, n].
    [[nodiscard]] Matrix projections(const Vector& x) const;

    const PathKernels& kernels_;
    Vector targets_;
    double temperature_;
    Matrix evaluated_;    // A to which the following belong; empty: none
    Matrix factor_;       // L in the lower triangle
    Matrix whitened_;     // Z [P, N0 n]
    Matrix gram_;         // <Z_a, Z_b> in the lower triangle [n, n]
    Vector v_;            // L^{-1} y
    Matrix projections_;  // p [N0, n]
};

}  // namespace attnpaths
