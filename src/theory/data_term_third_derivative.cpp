#include "theory/data_term_third_derivative.hpp"

namespace attnpaths {

Matrix data_term_third_derivative_over_features(const WhitenedFeatures& features, const Matrix& covariance,
                                                const Vector& of_weights) {
    const Matrix& Z = features.Z;
    const Index width = features.input_width;
    const Index size = Z.cols() / width;
    const double c = features.prefactor;
    // Z S Z' = A + A' with half of S, its lower triangle and half the diagonal, in A.
    Matrix image = Z * covariance.triangularView<Eigen::Lower>();
    image -= Z * (covariance.diagonal() / 2).asDiagonal();
    const Matrix half = image * Z.transpose();
    image = (half + half.transpose()) * Z;
    const Vector s = Z.transpose() * (Z * of_weights);
    // Traces over the features of blocks (e, f) of Z' (Z S Z') Z: columns of one path-output are contiguous.
    const auto by_path = [&](const Matrix& matrix) {
        return Eigen::Map<const Matrix>(matrix.data(), matrix.rows() * width, size);
    };
    Matrix result = 2 * by_path(Z).transpose() * by_path(image);
    const auto u = features.u.reshaped(width, size);
    const auto s_by_path = s.reshaped(width, size);
    const Matrix mixed = u.transpose() * s_by_path;
    result -= 2 * (mixed + mixed.transpose());
    // Symmetric but for rounding.
    return c * c * c / 2 * (result + result.transpose());
}

Matrix data_term_third_derivative_over_examples(const PathKernels& kernels, const WhitenedFeatures& features,
                                                const PairCovariance& covariance) {
    const auto factor = features.factor.triangularView<Eigen::Lower>();
    const Index system = features.factor.rows();
    const Vector& v = features.v;
    Matrix Q = Matrix::Zero(system, system);
    Vector gamma_sum = Vector::Zero(system);
    Matrix M;
    for (const Matrix& direction : covariance.directions()) {
        kernels.assemble(direction, M);
        M = M.selfadjointView<Eigen::Lower>();
        factor.solveInPlace(M);
        M.transposeInPlace();
        factor.solveInPlace(M);  // L^{-1} K_a L^{-T}
        Q.selfadjointView<Eigen::Lower>().rankUpdate(M, 2);
        const Vector beta = M * v;
        gamma_sum.noalias() += M * beta;
        Q.selfadjointView<Eigen::Lower>().rankUpdate(beta, -2);
    }
    Q.selfadjointView<Eigen::Lower>().rankUpdate(v, gamma_sum, -2);
    Q = Q.selfadjointView<Eigen::Lower>();
    const auto factor_transposed = features.factor.transpose().triangularView<Eigen::Upper>();
    factor_transposed.solveInPlace(Q);
    Q.transposeInPlace();
    factor_transposed.solveInPlace(Q);
    return kernels.contract(Q);
}

}  // namespace attnpaths
