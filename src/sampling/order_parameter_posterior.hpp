#pragma once

#include "sampling/log_density.hpp"
#include "theory/data_term.hpp"
#include "theory/order_parameters.hpp"

#include <span>

namespace attnpaths {

/// The exact posterior of the order parameters at finite width (theory section 10): in whitened coordinates,
/// with the diagonal in logarithms (Jacobian included),
///     -2 log p(B | y) = E(U_1) + sum_k [ N_k |B_k|_F^2 - 2 sum_i (N_k - i) log B_{k,ii} ] + const.
/// Its dimension does not depend on the widths.
class OrderParameterPosterior {
  public:
    /// @param data_term  of the training data, or nullptr for the prior alone; must outlive this object
    OrderParameterPosterior(const Architecture& architecture, DataTerm* data_term);

    [[nodiscard]] const WhitenedCoordinates& coordinates() const { return coordinates_; }
    /// The log density; refers to this object.
    [[nodiscard]] LogDensity log_density() const;

    /// The prior's mode in these coordinates, B_ii = sqrt((N_k - i)/N_k), and its standard deviations there.
    [[nodiscard]] Vector prior_mode() const;
    [[nodiscard]] Vector prior_scale() const;

  private:
    void evaluate(std::span<const Evaluation> evaluations) const;
    /// -2 log prior at a point, and the gradient of its logarithm, added to what is there.
    double add_prior(const WhitenedCoordinates::Point& point, const Vector& x, Vector& gradient) const;

    WhitenedCoordinates coordinates_;
    DataTerm* data_term_;
};

}  // namespace attnpaths
