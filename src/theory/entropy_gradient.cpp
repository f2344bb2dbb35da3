// Derivative of the entropy with respect to the order parameters themselves, with a bound on its rounding.
#include "base/rounding.hpp"
#include "theory/order_parameters.hpp"

#include <cmath>

namespace attnpaths {

namespace {

Matrix inverse_of_lower(const Matrix& L) {
    return L.triangularView<Eigen::Lower>().solve(Matrix::Identity(L.rows(), L.rows()).eval());
}

/// Sum of the diagonal blocks of a square matrix.
Matrix sum_of_blocks(const Matrix& matrix, Index size) {
    Matrix sum = Matrix::Zero(size, size);
    for (Index start = 0; start < matrix.rows(); start += size) sum += matrix.block(start, start, size, size);
    return sum;
}

}  // namespace

// Level k enters the entropy as N_k [ tr(S_k^{-1} U_k) - log det(S_k^{-1} U_k) ] with S_k = sigma_k^2 (I (x)
// U_above), that is with W = B B' = M^{-1} U M^{-T}, M = sigma (I (x) A_above):
//     its own derivative      N_k M^{-T} (I - W^{-1}) M^{-1} = N_k (S_k^{-1} - U_k^{-1}),
//     the one of U_above      N_k A_above^{-T} sum_h (I - W)_{hh} A_above^{-1}.
std::vector<Matrix> WhitenedCoordinates::entropy_gradient_in_order_parameters(const Point& point) const {
    std::vector<Matrix> gradients(levels_.size());
    for (std::size_t k = 0; k < levels_.size(); ++k) {
        const Level& level = levels_[k];
        const Matrix& B = point.B[k];
        const Matrix identity = Matrix::Identity(level.rows, level.rows);
        const Matrix B_inverse = inverse_of_lower(B);
        const Matrix own = level.width * (identity - B_inverse.transpose() * B_inverse);
        Matrix M_inverse = Matrix::Zero(level.rows, level.rows);
        if (k == 0) {
            M_inverse = identity / level.sigma;
        } else {
            const Index size = point.A[k - 1].rows();
            const Matrix above_inverse = inverse_of_lower(point.A[k - 1]);
            Matrix blocks = Matrix::Zero(size, size);
            for (Index start = 0; start < level.rows; start += size) {
                M_inverse.block(start, start, size, size) = above_inverse / level.sigma;
                blocks += Matrix::Identity(size, size) -
                          B.middleRows(start, size) * B.middleRows(start, size).transpose();
            }
            gradients[k - 1] += level.width * above_inverse.transpose() * blocks * above_inverse;
        }
        gradients[k] = M_inverse.transpose() * own * M_inverse;
    }
    return gradients;
}

std::vector<Matrix> WhitenedCoordinates::entropy_gradient_bound(const Point& point) const {
    std::vector<Matrix> bounds(levels_.size());
    std::vector<Matrix> magnitude;  // |U_k|
    std::vector<Matrix> inverse;    // |U_k^{-1}|
    std::vector<Matrix> spread;  // |U_k^{-1}| |U_k| |U_k^{-1}|: what relative errors of U_k do to its inverse
    for (std::size_t k = 0; k < levels_.size(); ++k) {
        const Level& level = levels_[k];
        const Matrix A_inverse = inverse_of_lower(point.A[k]);
        magnitude.emplace_back((point.A[k] * point.A[k].transpose()).cwiseAbs());
        inverse.emplace_back((A_inverse.transpose() * A_inverse).cwiseAbs());
        spread.emplace_back(inverse[k] * magnitude[k] * inverse[k]);
        const double gamma =
            rounding_safety * unit_roundoff * level.width * std::sqrt(static_cast<double>(level.rows));
        const double variance = level.sigma * level.sigma;
        bounds[k] = gamma * spread[k];
        if (k == 0) {
            bounds[k].diagonal().array() += gamma / variance;
            continue;
        }
        const Index size = point.A[k - 1].rows();
        for (Index start = 0; start < level.rows; start += size)
            bounds[k].block(start, start, size, size) += gamma / variance * spread[k - 1];
        const Matrix moved = sum_of_blocks(magnitude[k], size) * inverse[k - 1] / variance;
        const Matrix twice = spread[k - 1] * moved;
        bounds[k - 1] += gamma * (static_cast<double>(level.heads) * spread[k - 1] + inverse[k - 1] * moved +
                                  twice + twice.transpose());
    }
    return bounds;
}

}  // namespace attnpaths
