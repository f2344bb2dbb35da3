#include "theory/posterior_hessian.hpp"

#include "base/error.hpp"
#include "theory/lapack.hpp"

namespace attnpaths {

Matrix posterior_hessian_factor(Action& action, const SaddlePoint& saddle, const Matrix& data_term_hessian) {
    Matrix factor = action.largest_width() / 2 * action.hessian(saddle.unknowns, data_term_hessian);
    if (!lapack::cholesky(factor))
        throw NumericalError("the Hessian at the saddle point is not positive definite");
    return factor;
}

double log_determinant(const Matrix& factor) {
    return 2 * factor.diagonal().array().log().sum();
}

}  // namespace attnpaths
