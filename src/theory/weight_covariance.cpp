#include "theory/weight_covariance.hpp"

#include "theory/lapack.hpp"

#include <Eigen/Eigenvalues>

#include <cmath>

namespace attnpaths {

namespace {

/// The symmetric square root of a matrix that is positive semi-definite up to rounding.
Matrix symmetric_root(const Matrix& matrix) {
    const Eigen::SelfAdjointEigenSolver<Matrix> solver(matrix);
    const Vector roots = solver.eigenvalues().cwiseMax(0).cwiseSqrt();
    return solver.eigenvectors() * roots.asDiagonal() * solver.eigenvectors().transpose();
}

}  // namespace

WeightCovariance::WeightCovariance(const PathKernels& kernels, double temperature, const Matrix& U)
    : paths_(kernels.paths()),
      outputs_(kernels.outputs()),
      temperature_(temperature),
      mixing_(symmetric_root(kernels.prefactor() * U)) {
    const Index weights = kernels.features().cols() * outputs_;
    triangle_ = std::sqrt(temperature) * Matrix::Identity(weights, weights);
    for (Index output = 0; output < outputs_; ++output) {
        Matrix rows = mixed(kernels.features(), output);
        lapack::fold_rows(triangle_, rows);
    }
}

Matrix WeightCovariance::mixed(const Matrix& features, Index output) const {
    Matrix phi(features.rows(), features.cols() * outputs_);
    for (Index other = 0; other < outputs_; ++other)
        phi.middleCols(other * features.cols(), features.cols()) =
            mix_paths(features, mixing_, paths_, outputs_, output, other);
    return phi;
}

Matrix WeightCovariance::variance(const Matrix& features) const {
    Matrix variance(features.rows(), outputs_);
    for (Index output = 0; output < outputs_; ++output) {
        Matrix phi = mixed(features, output);
        triangle_.triangularView<Eigen::Upper>().solveInPlace<Eigen::OnTheRight>(phi);
        variance.col(output) = temperature_ * phi.rowwise().squaredNorm();
    }
    return variance;
}

}  // namespace attnpaths
