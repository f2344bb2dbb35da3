#pragma once

#include "theory/energy.hpp"
#include "theory/order_parameters.hpp"

namespace attnpaths {

/// The action of the thermodynamic limit (theory section 5; the paper's equations) in whitened coordinates,
///     S(B) = E(U_1) + sum_k N_k [ |B_k|_F^2 - 2 sum_i log B_{k,ii} - n_k log sigma_k^2 ],
/// divided by the largest width, as are all its derivatives here.
class Action {
  public:
    /// @param energy  of the training data; must outlive this object
    Action(const Architecture& architecture, Energy& energy);

    struct Parts {
        double action;
        double energy;
        double entropy;
    };

    [[nodiscard]] const WhitenedCoordinates& coordinates() const { return coordinates_; }

    /// By which S and its derivatives are divided.
    [[nodiscard]] double largest_width() const { return largest_width_; }

    /// S without Energy::constant(), and dS/dB; +infinity where K + T I is not numerically positive definite.
    double value_and_gradient(const Vector& unknowns, Vector& gradient);

    /// Energy and entropy apart.
    [[nodiscard]] Parts parts(const Vector& unknowns);

    /// d2S/dB2, exact.
    [[nodiscard]] Matrix hessian(const Vector& unknowns);
    /// The same from the energy's Hessian at this point (Energy::hessian).
    [[nodiscard]] Matrix hessian(const Vector& unknowns, const Matrix& energy_hessian);

    /// Derivative of E with respect to U_1 at this point, each entry on its own.
    /// @throws NumericalError if K + T I is not positive definite
    [[nodiscard]] Matrix energy_gradient(const Vector& unknowns);

    /// Diagonal of the entropy's Hessian: the natural scale of each unknown.
    [[nodiscard]] Vector entropy_curvature(const Vector& unknowns) const;

    /// dS/dU_k of all order parameters as independent variables, each matrix entry on its own: zero exactly
    /// where dS/dB is. With the bound on the error of each entry.
    struct GradientInOrderParameters {
        OrderParameters value;
        OrderParameters bound;
    };
    [[nodiscard]] OrderParameters gradient_in_order_parameters(const Vector& unknowns);
    [[nodiscard]] GradientInOrderParameters bounded_gradient_in_order_parameters(const Vector& unknowns);
    /// The same from the features' triangle instead of the assembled kernel (RelativeEnergy).
    [[nodiscard]] GradientInOrderParameters precise_gradient_in_order_parameters(const Vector& unknowns);

  private:
    /// Energy at a point, with its derivative in dU_; the last point's is kept, as step, test and certificate
    /// ask for the same.
    double energy_at(const WhitenedCoordinates::Point& point, const Vector& unknowns);

    [[nodiscard]] OrderParameters as_order_parameters(const std::vector<Matrix>& levels) const;

    WhitenedCoordinates coordinates_;
    Energy& energy_;
    double largest_width_;
    double entropy_constant_ = 0;
    Vector energy_unknowns_;  // where energy_value_ and dU_ were computed
    double energy_value_ = 0;
    Matrix dU_;
};

}  // namespace attnpaths
