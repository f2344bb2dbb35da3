#pragma once

#include "sampling/chain.hpp"
#include "sampling/order_parameter_posterior.hpp"

namespace attnpaths {

/// Coordinates z of the unknowns x, x = centre + C z, in which a normal approximation of the posterior is the
/// standard normal.
struct NormalScale {
    Vector centre;
    Matrix factor;  ///< C, with C C' = precision^{-1}

    /// @param precision  of the approximation, positive definite
    NormalScale(Vector centre, const Matrix& precision);
    [[nodiscard]] Vector unknowns(const Vector& z) const { return centre + factor * z; }
};

/// Of the posterior at full rank: the saddle point with its exact Hessian (the posterior's and the action's
/// curvature agree up to constants).
/// @param unknowns  of the saddle point
NormalScale saddle_point_scale(const Architecture& architecture, DataTerm& data_term, const Vector& unknowns);

/// The exact posterior over the order parameters as a sampling target in the coordinates of `scale`. Tracks
/// the lower triangle of U_1, column by column, and keeps every position.
/// @param posterior, scale  must outlive the target
SamplingTarget order_parameter_target(OrderParameterPosterior& posterior, const NormalScale& scale);

}  // namespace attnpaths
