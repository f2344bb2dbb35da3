#pragma once

#include "network/architecture.hpp"

#include <vector>

namespace attnpaths {

/// Covariance of the elements of U_1 as an operator on matrices over (path-output, feature) [q N0, q N0]:
///     G -> sum_a (D_a (x) I) G (D_a (x) I),
/// where the symmetric matrices D_a [q, q] are such that Cov(U_ij, U_kl) = sum_a D_a,ij D_a,kl.
class PairCovariance {
  public:
    /// @param columns  the D_a, one a column, element (i, j) in row j q + i [q^2, directions]
    explicit PairCovariance(Matrix columns);

    [[nodiscard]] Index directions() const { return columns_.cols(); }
    /// D_a [q, q].
    [[nodiscard]] Matrix direction(Index a) const { return columns_.col(a).reshaped(size_, size_); }

    /// The sum above without features: sum_a D_a <D_a, M>, M and result [q, q].
    [[nodiscard]] Matrix contract(const Matrix& M) const;
    /// @param G [q N0, q N0], symmetric;  @returns the sum above, of the same shape, symmetric
    [[nodiscard]] Matrix apply(const Matrix& G) const;

    /// Applied to Z'Z, without forming either [q N0, q N0]: less work where Z [rows, q N0] has few rows.
    /// @returns apply(Z'Z) u, u [q N0]
    [[nodiscard]] Vector apply_to_gram(const Matrix& Z, const Vector& u) const;
    /// @returns r' apply(Z'Z) r of each column r of R [q N0, points]
    [[nodiscard]] Vector gram_form(const Matrix& Z, const Matrix& R) const;
    /// Operations of gram_form at one point, and doubles that it needs.
    static double gram_form_operations(double rows, double size, double features);
    static double gram_form_doubles(double rows, double size);

  private:
    Matrix columns_;
    Index size_ = 0;  // q
};

}  // namespace attnpaths
