#pragma once

#include "sampling/independent_draws.hpp"

#include <functional>

namespace attnpaths {

/// Control variates of independent draws (theory section 14): polynomials of the standard normal x of a pair
/// of draws, mode +- R x, whose means are known,
///     x_i x_j - delta_ij,   x_i^4 - 3,   x_i c(x) - E,   c = T_abc x_a x_b x_c / 6,  E = T_iaa / 2,
/// with T the third derivative of -log posterior along the columns of R. They are what averages over pairs
/// of weight and observables consist of, up to O(1/N^2).
class ControlVariates {
  public:
    /// @param third_derivatives  T as IndependentDraws::third_derivatives() has it
    explicit ControlVariates(Matrix third_derivatives);

    /// How many there are for a number of unknowns.
    static Index count(Index unknowns);
    [[nodiscard]] Index count() const { return count(third_derivatives_.cols()); }

    /// @param normals  x of pairs of draws [unknowns, pairs]
    /// @returns [count, pairs]
    [[nodiscard]] Matrix of_pairs(const Matrix& normals) const;

  private:
    Matrix third_derivatives_;
    Vector cubic_means_;  // E
};

}  // namespace attnpaths
