#pragma once

#include "network/architecture.hpp"

#include <vector>

namespace attnpaths {

/// Covariance of the elements of U_1 as an operator on matrices over (path-output, feature) [q N0, q N0]:
///     G -> sum_a (D_a (x) I) G (D_a (x) I),
/// where the symmetric matrices D_a [q, q] are such that Cov(U_ij, U_kl) = sum_a D_a,ij D_a,kl.
class PairCovariance {
  public:
    explicit PairCovariance(std::vector<Matrix> directions);

    [[nodiscard]] const std::vector<Matrix>& directions() const { return directions_; }
    /// Cov(U_ij, U_kl) at row j q + i, column l q + k, [q^2, q^2].
    [[nodiscard]] const Matrix& matrix() const { return covariance_; }

    /// The sum above without features: sum_a D_a <D_a, M>, M and result [q, q].
    [[nodiscard]] Matrix contract(const Matrix& M) const;
    /// @param G [q N0, q N0], symmetric;  @returns the sum above, of the same shape, symmetric
    [[nodiscard]] Matrix apply(const Matrix& G) const;

  private:
    std::vector<Matrix> directions_;
    Matrix covariance_;
};

}  // namespace attnpaths
