#pragma once

#include "theory/saddle_point.hpp"

namespace attnpaths {

/// Lower Cholesky factor of H, the Hessian of -log p = S/2 + ... at a saddle point in whitened unknowns
/// (theory section 11), not divided by a width as those of Action are. What is above the diagonal is not
/// used.
/// @param data_term_hessian  of the action's energy there (DataTerm::hessian)
/// @throws NumericalError if H is not positive definite
Matrix posterior_hessian_factor(Action& action, const SaddlePoint& saddle, const Matrix& data_term_hessian);

/// log det H of that factor.
double log_determinant(const Matrix& factor);

}  // namespace attnpaths
