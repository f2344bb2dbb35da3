#pragma once

#include "theory/action.hpp"

#include <functional>
#include <limits>

namespace attnpaths {

struct SaddlePointOptions {
    double tolerance = 1e-10;  ///< on max |dS/dU_ij|, S divided by the largest width
    int max_evaluations = 5000;
    bool second_start = false;  ///< solve again from a far start and report the difference
    /// With more unknowns (some 50 paths) no Hessian is formed: steps come from conjugate gradients and the
    /// smallest eigenvalue from Davidson's method.
    Index most_dense_unknowns = 1300;
    /// Called before every evaluation; may throw to give the point up (signals, time limits).
    std::function<void()> poll = [] {};
};

/// How well the gradient of the action vanishes: largest entries over all order parameters, as computed, and
/// the largest entries of the bound on their error. The true ones are at most the sum of the two.
struct GradientCertificate {
    double norm_U = 0;          ///< max |dS/dU_ij|
    double bound_U = 0;         ///< of its error
    double norm_relative = 0;   ///< max |A' dS/dU A| with U = A A': whatever the size of U
    double bound_relative = 0;  ///< of its error
};

/// Minimiser of the action with its certificate.
struct SaddlePoint {
    OrderParameters order_parameters;
    Vector unknowns;           ///< whitened coordinates
    Action::Parts action{};    ///< all / largest width
    double gradient_norm = 0;  ///< max |dS/dB|
    GradientCertificate gradient;
    double hessian_min =
        0;  ///< smallest eigenvalue of d2S/dB2 (of the last Newton step); positive at a minimum
    /// Of hessian_min where Davidson's method found it: an eigenvalue lies within it. Else 0.
    double hessian_min_error = 0;
    /// Whether max |dS/dU_ij| and the bound on its error are together within the tolerance, and the Hessian
    /// is positive definite. Otherwise the numbers say what was reached.
    bool is_certified = false;
    int iterations = 0;
    int evaluations = 0;
    int hessians = 0;
    int hessian_products = 0;  ///< products of the Hessian with a direction, where it is not formed
    double second_start_difference = std::numeric_limits<double>::quiet_NaN();  ///< max |U_1 - U_1'|
};

/// Solves the theory equations: the minimum of the action over all order parameters (theory section 5).
/// Starts at B = I, so the result depends on the arguments alone.
/// The tolerance is wanted of max |dS/dU|; max |dS/dB| is brought as low as rounding lets it.
/// @throws NumericalError if K + T I is not positive definite at the start
SaddlePoint solve_saddle_point(const Architecture& architecture, DataTerm& data_term,
                               const SaddlePointOptions& options);

}  // namespace attnpaths
