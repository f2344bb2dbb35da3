#include "theory/data_term_third_derivative.hpp"

#include "theory/mirror.hpp"

namespace attnpaths {

namespace {

/// tr(C_ij L'^{-1} Q L^{-1}), each entry of U_1 on its own: Q is as seen through K + T I = L L'.
/// @param Q  [P D, P D], its lower triangle; used up
Matrix contract_whitened(const PathKernels& kernels, const WhitenedFeatures& features, Matrix& Q) {
    mirror_lower(Q);
    const auto factor_transposed = features.factor.transpose().triangularView<Eigen::Upper>();
    factor_transposed.solveInPlace(Q);
    Q.transposeInPlace();
    factor_transposed.solveInPlace(Q);
    return kernels.contract(Q);
}

}  // namespace

Matrix data_term_third_derivative_over_features(const PathKernels& kernels, const WhitenedFeatures& features,
                                                const Matrix& covariance, const Vector& of_weights) {
    const Matrix& Z = features.Z;
    const double c = features.prefactor;
    // Z S Z' = A + A' with half of S, its lower triangle and half the diagonal, in A.
    Matrix image = Z * covariance.triangularView<Eigen::Lower>();
    image -= Z * (covariance.diagonal() / 2).asDiagonal();
    const Matrix half = image * Z.transpose();
    Matrix Q = half + half.transpose();
    const Vector s = Z * of_weights;
    Q.selfadjointView<Eigen::Lower>().rankUpdate(features.v, s, -1);
    Q *= 2 * c * c;
    return contract_whitened(kernels, features, Q);
}

Matrix data_term_third_derivative_over_examples(const PathKernels& kernels, const WhitenedFeatures& features,
                                                const PairCovariance& covariance) {
    const auto factor = features.factor.triangularView<Eigen::Lower>();
    const Index system = features.factor.rows();
    const Vector& v = features.v;
    Matrix Q = Matrix::Zero(system, system);
    Vector gamma_sum = Vector::Zero(system);
    Matrix M;
    for (Index a = 0; a < covariance.directions(); ++a) {
        kernels.assemble(covariance.direction(a), M);
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
    return contract_whitened(kernels, features, Q);
}

}  // namespace attnpaths
