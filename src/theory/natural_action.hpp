#pragma once

#include "theory/data_term.hpp"
#include "theory/objective.hpp"
#include "theory/order_parameters.hpp"

namespace attnpaths {

/// The action in natural coordinates, for order parameters that are nearly singular or span many orders of
/// magnitude: around U_k = A_k A_k' a step eta moves every order parameter on its own, to
///     U_k = A_k Lambda_k Lambda_k' A_k',   Lambda_k lower triangular, its diagonal exp(eta_ii), else eta_ij,
/// so that eta of order one is a relative change of order one, wherever U_k is. In whitened coordinates the
/// directions along which U_k collapses are curved valleys, which take a minimiser thousands of steps.
/// Points are unknowns of WhitenedCoordinates; derivatives and steps are in eta, in the same layout.
class NaturalAction {
  public:
    /// @param data_term         of the training data; both must outlive this object
    /// @param largest_width  by which the action and its derivatives are divided
    NaturalAction(const WhitenedCoordinates& coordinates, const DataTerm& data_term, double largest_width);

    /// The action less a constant, and its derivative at eta = 0.
    double value_and_gradient(const Vector& unknowns, Vector& gradient) const;
    [[nodiscard]] Matrix hessian(const Vector& unknowns) const;
    /// Inverse of d2S/dB2 at a minimum, by congruence with its inverse in eta, so that it stays positive
    /// where d2S/dB2 itself has eigenvalues further apart than rounding; empty where the Hessian is not
    /// positive definite.
    /// @param hessian  the one in eta at `unknowns`
    [[nodiscard]] Matrix inverse_hessian_in_unknowns(const Vector& unknowns, const Matrix& hessian) const;
    /// Natural scale of each eta: the entropy's curvature at U_k = S_k.
    [[nodiscard]] Vector curvature_scale() const;
    /// The unknowns of the point to which eta leads.
    [[nodiscard]] Vector move(const Vector& unknowns, const Vector& eta) const;

  private:
    [[nodiscard]] std::vector<Matrix> matrices(const Vector& eta) const;
    [[nodiscard]] Vector lower_triangles(const std::vector<Matrix>& matrices) const;

    const WhitenedCoordinates& coordinates_;
    const DataTerm& data_term_;
    double largest_width_;
};

}  // namespace attnpaths
