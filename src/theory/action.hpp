#pragma once

#include "theory/data_term.hpp"
#include "theory/order_parameters.hpp"

namespace attnpaths {

/// The action of the thermodynamic limit (theory section 5; the paper's equations) in whitened coordinates,
///     S(B) = E(U_1) + sum_k N_k [ |B_k|_F^2 - 2 sum_i log B_{k,ii} - n_k log sigma_k^2 ],
/// divided by the largest width, as are all its derivatives here.
class Action {
  public:
    /// @param data_term  of the training data; must outlive this object
    Action(const Architecture& architecture, DataTerm& data_term);

    struct Parts {
        double action;
        double data_term;
        double entropy;
    };

    [[nodiscard]] const WhitenedCoordinates& coordinates() const { return coordinates_; }

    /// By which S and its derivatives are divided.
    [[nodiscard]] double largest_width() const { return largest_width_; }

    /// S without DataTerm::constant(), and dS/dB; +infinity where K + T I is not numerically positive
    /// definite.
    double value_and_gradient(const Vector& unknowns, Vector& gradient);

    /// Data term and entropy apart.
    [[nodiscard]] Parts parts(const Vector& unknowns);

    /// d2S/dB2, exact.
    [[nodiscard]] Matrix hessian(const Vector& unknowns);
    /// The same from the data term's Hessian at this point (DataTerm::hessian).
    [[nodiscard]] Matrix hessian(const Vector& unknowns, const Matrix& data_term_hessian);

    /// d2S/dB2 times a direction: about as much work as a gradient, and no memory to speak of.
    [[nodiscard]] Vector hessian_times(const Vector& unknowns, const Vector& direction);

    /// Derivative of E with respect to U_1 at this point, each entry on its own.
    /// @throws NumericalError if K + T I is not positive definite
    [[nodiscard]] Matrix data_term_gradient(const Vector& unknowns);

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
    /// The same from the features' triangle instead of the assembled kernel (RelativeDataTerm).
    [[nodiscard]] GradientInOrderParameters precise_gradient_in_order_parameters(const Vector& unknowns);

  private:
    /// Data term at a point, with its derivative in dU_; the last point's is kept, as step, test and
    /// certificate ask for the same.
    double data_term_at(const WhitenedCoordinates::Point& point, const Vector& unknowns);

    [[nodiscard]] OrderParameters as_order_parameters(const std::vector<Matrix>& levels) const;

    WhitenedCoordinates coordinates_;
    DataTerm& data_term_;
    double largest_width_;
    double entropy_constant_ = 0;
    Vector data_term_unknowns_;  // where data_term_value_ and dU_ were computed
    double data_term_value_ = 0;
    Matrix dU_;
};

}  // namespace attnpaths
