#pragma once

#include "theory/order_parameters.hpp"

namespace attnpaths {

/// Normal scores z of the whitened coordinates (theory section 14): in each unknown, the value of a standard
/// normal at the same quantile as the unknown's under the prior of a network of finite width,
///     z_ij = sqrt(N_k) B_ij (i > j),   Phi(z_ii) = F(sqrt(N_k) B_ii), F of chi with N_k - i degrees of
///     freedom,
/// so that the prior is exactly N(0, I) and -log p(z|y) = E/2 + |z|^2/2 + const.
class NormalScores {
  public:
    using Rank = WhitenedCoordinates::Rank;

    /// @param rank  full, or that of the widths, where B is trapezoidal
    /// @throws NumericalError if a width is below its number of paths and the rank is to be full: U is
    /// singular
    explicit NormalScores(const Architecture& architecture, Rank rank = Rank::full);

    [[nodiscard]] const WhitenedCoordinates& coordinates() const { return coordinates_; }
    [[nodiscard]] Index size() const { return coordinates_.size(); }

    /// Whitened unknowns theta of scores. Beyond 38 standard deviations a score has no quantile in double
    /// precision: -infinity.
    [[nodiscard]] Vector unknowns(const Vector& scores) const;
    /// Inverse of unknowns().
    [[nodiscard]] Vector scores(const Vector& unknowns) const;
    /// First and second derivatives d theta_i / d z_i, which depend on their own score alone.
    struct Slopes {
        Vector first;
        Vector second;
    };
    [[nodiscard]] Slopes slopes(const Vector& scores, const Vector& unknowns) const;

  private:
    WhitenedCoordinates coordinates_;
};

}  // namespace attnpaths
