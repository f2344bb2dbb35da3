#include "theory/gaussian_process.hpp"

#include "base/error.hpp"
#include "theory/lapack.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace attnpaths {

GaussianProcess::GaussianProcess(std::shared_ptr<const Matrix> features, const Matrix& y, double prefactor)
    : features_(std::move(features)), prefactor_(prefactor) {
    const Index rows = features_->rows();
    Matrix kernel = Matrix::Zero(rows, rows);
    kernel.selfadjointView<Eigen::Lower>().rankUpdate(*features_, prefactor_);
    lapack::Eigenpairs pairs = lapack::leading_eigenpairs(std::move(kernel), rows);
    eigenvalues_ = std::move(pairs.values);
    eigenvectors_ = std::move(pairs.vectors);
    targets_.noalias() = eigenvectors_.transpose() * y;
}

GaussianProcess::Points GaussianProcess::points(const Matrix& features) const {
    constexpr Index block = 512;  // points at a time: bounds the memory of the cross kernel
    Points points{Matrix(features_->rows(), features.rows()), prefactor_ * features.rowwise().squaredNorm()};
    Matrix cross;
    for (Index start = 0; start < features.rows(); start += block) {
        const Index count = std::min(block, features.rows() - start);
        cross.noalias() = prefactor_ * *features_ * features.middleRows(start, count).transpose();
        points.along.middleCols(start, count).noalias() = eigenvectors_.transpose() * cross;
    }
    return points;
}

Vector GaussianProcess::inverse(double temperature, double variance) const {
    Vector result = eigenvalues_.array() + temperature / variance;
    if (!(result.minCoeff() > 0)) throw NumericalError("Gaussian process: K + T I is not positive definite");
    return result.cwiseInverse();
}

Prediction GaussianProcess::predict(const Points& points, double temperature, double variance) const {
    const Vector weights = inverse(temperature, variance);
    Prediction prediction;
    prediction.mean.noalias() = points.along.transpose() * (weights.asDiagonal() * targets_);
    const Vector explained = points.along.cwiseAbs2().transpose() * weights;
    prediction.variance = (variance * (points.variance - explained)).replicate(1, targets_.cols());
    return prediction;
}

Matrix GaussianProcess::feature_weights(double temperature, double variance) const {
    const Matrix weights = eigenvectors_ * (inverse(temperature, variance).asDiagonal() * targets_);
    return prefactor_ * features_->transpose() * weights;
}

Prediction GaussianProcess::predict_training(double temperature, double variance) const {
    // K (K+TI)^{-1} y and K - K (K+TI)^{-1} K = T K (K+TI)^{-1}
    const Vector kept = eigenvalues_.cwiseProduct(inverse(temperature, variance));
    Prediction prediction;
    prediction.mean.noalias() = eigenvectors_ * (kept.asDiagonal() * targets_);
    prediction.variance = (temperature * (eigenvectors_.cwiseAbs2() * kept)).replicate(1, targets_.cols());
    return prediction;
}

double GaussianProcess::data_term(double temperature, double variance) const {
    const Vector weights = inverse(temperature, variance) / variance;
    const double log_determinant = -weights.array().log().sum();
    return static_cast<double>(targets_.cols()) * log_determinant +
           targets_.cwiseAbs2().rowwise().sum().dot(weights);
}

double GaussianProcess::bytes(double rows, double points) {
    return sizeof(double) * rows * (rows + points);
}

}  // namespace attnpaths
