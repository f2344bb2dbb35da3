#include "theory/relative_data_term.hpp"

#include "base/rounding.hpp"
#include "theory/data_term_hessian.hpp"
#include "theory/gradient_bound.hpp"

#include <Eigen/QR>

#include <algorithm>
#include <cmath>
#include <limits>

namespace attnpaths {

RelativeDataTerm::RelativeDataTerm(const PathKernels& kernels, const Matrix& y, double temperature,
                                   const Matrix& A)
    : prefactor_(kernels.prefactor()), temperature_(temperature), A_(A) {
    const Index examples = kernels.examples();
    const Index outputs = kernels.outputs();
    const Index width = kernels.input_width();
    const Index paths = kernels.paths();
    const Index size = paths * outputs;
    const Index system = examples * outputs;
    whitened_.resize(system, size * width);
    for (Index d = 0; d < outputs; ++d)
        for (Index e = 0; e < outputs; ++e) {
            const Matrix mixed = mix_paths(kernels.features(), A, paths, outputs, d, e);
            for (Index path = 0; path < paths; ++path)
                whitened_.block(d * examples, (path * outputs + e) * width, examples, width) =
                    mixed.middleCols(path * width, width);
        }
    Matrix stacked(whitened_.cols() + system, system);
    stacked.topRows(whitened_.cols()) = std::sqrt(prefactor_) * whitened_.transpose();
    stacked.bottomRows(system) = std::sqrt(temperature) * Matrix::Identity(system, system);
    const Eigen::HouseholderQR<Matrix> qr(stacked);
    row_sizes_ = kernel_row_sizes(kernels, temperature, A.rowwise().norm());
    factor_ = qr.matrixQR().topRows(system).triangularView<Eigen::Upper>().transpose();
    factor_.triangularView<Eigen::Lower>().solveInPlace(whitened_);
    v_ = y.reshaped();
    factor_.triangularView<Eigen::Lower>().solveInPlace(v_);
    value_ = 2 * factor_.diagonal().array().abs().log().sum() + v_.squaredNorm();

    const Eigen::Map<const Matrix> by_path(whitened_.data(), system * width, size);
    const Matrix projected = (whitened_.transpose() * v_).reshaped(width, size);
    gradient_ = prefactor_ * (by_path.transpose() * by_path - projected.transpose() * projected);
}

Matrix RelativeDataTerm::hessian() const {
    return data_term_hessian(whitened_, v_, prefactor_, gradient_.rows());
}

RelativeDataTerm::BoundedGradient RelativeDataTerm::in_order_parameters(
    const FeatureAccuracy& accuracy) const {
    const Matrix inverse =
        A_.triangularView<Eigen::Lower>().solve(Matrix::Identity(A_.rows(), A_.cols()).eval());
    const Matrix size = inverse.cwiseAbs();
    // A^{-1} is inverse + d with |d| below roundings of |A^{-1}| |A| |A^{-1}|.
    const double gamma = rounding_safety * unit_roundoff * std::sqrt(static_cast<double>(A_.rows()));
    const Matrix transformed = gradient_.cwiseAbs() * (size * A_.cwiseAbs());
    const Matrix bound = gradient_bound(inverse, accuracy) + gamma * (transformed + transformed.transpose());
    return {inverse.transpose() * gradient_ * inverse, size.transpose() * bound * size};
}

// With F = sqrt(c) xi A, Z = L^{-1} F of norm at most 1, v = L^{-1} y and p = Z'v = F'(K + T I)^{-1} y, the
// gradient is <Z_a, Z_b> - p_a . p_b. Rounding of the mixing, of the factorisation and of the solutions
// moves row i of [F, sqrt(T) I] by gamma e_i at most, which L^{-1} makes a relative error tau of everything;
// so do errors of the features within their span. Those that leave it meet the targets outside.
Matrix RelativeDataTerm::gradient_bound(const Matrix& A_inverse, const FeatureAccuracy& accuracy) const {
    const Index size = gradient_.rows();
    const Index system = factor_.rows();
    const Index width = whitened_.cols() / size;
    const double gamma =
        rounding_safety * unit_roundoff * std::sqrt(static_cast<double>(system + whitened_.cols()));
    const Matrix L_inverse =
        factor_.triangularView<Eigen::Lower>().solve(Matrix::Identity(system, system).eval());
    const double trace_U = A_.squaredNorm();
    const double feature_row = 4 * accuracy.error * std::sqrt(prefactor_ * trace_U);
    const double tau = gamma * (L_inverse * row_sizes_.asDiagonal()).norm() + feature_row * L_inverse.norm();

    // Rounding of U = A A', as a relative change of it.
    const Matrix rounding = A_inverse.cwiseAbs() * A_.cwiseAbs();
    const double change = rounding_safety * unit_roundoff * std::sqrt(static_cast<double>(size)) *
                          (rounding * rounding.transpose()).norm();
    if (!(std::max(tau, change) < 0.1))
        return Matrix::Constant(size, size, std::numeric_limits<double>::infinity());

    Vector features(size);   // |Z_a|
    Vector projected(size);  // |p_a|
    const Vector projections = std::sqrt(prefactor_) * (whitened_.transpose() * v_);
    for (Index a = 0; a < size; ++a) {
        features(a) = std::sqrt(prefactor_) * whitened_.middleCols(a * width, width).norm();
        projected(a) = projections.segment(a * width, width).norm();
    }
    // |p| moves by F'(K + T I)^{-1} d with d the outer targets' share, at most d/T, or, where no direction
    // can open, d |xi^+|^2 / sqrt(c lambda_min(U)).
    const double outside =
        4 * accuracy.error * std::sqrt(accuracy.residual_squared_norm) *
        std::min(std::sqrt(prefactor_ * trace_U) / temperature_,
                 accuracy.inverse_norm * accuracy.inverse_norm * A_inverse.norm() / std::sqrt(prefactor_));
    const double moved = 5 * tau * v_.norm() + change * projections.norm() + outside;
    const double opened = feature_row * feature_row / temperature_;
    Matrix bound(size, size);
    for (Index a = 0; a < size; ++a)
        for (Index b = 0; b < size; ++b)
            bound(a, b) = (projected(a) + projected(b)) * moved + moved * moved +
                          4 * tau * (features(a) + features(b)) +
                          (gamma + change) * (features(a) * features(b) + projected(a) * projected(b)) +
                          opened;
    return bound;
}

}  // namespace attnpaths
