#include "theory/predictor.hpp"

#include "base/error.hpp"
#include "theory/data_term.hpp"
#include "theory/lapack.hpp"

#include <algorithm>
#include <limits>

namespace attnpaths {

Predictor::Predictor(const PathKernels& kernels, const Matrix& y, double temperature, const Matrix& U)
    : kernels_(kernels), U_(U), y_(y), temperature_(temperature) {
    kernels_.assemble(U_, factor_);
    factor_.diagonal().array() += temperature_;
    if (!lapack::cholesky(factor_)) throw NumericalError("predictor: K + T I is not positive definite");
    weights_ = factor_.triangularView<Eigen::Lower>().solve(stacked_targets(y_));
    factor_.transpose().triangularView<Eigen::Upper>().solveInPlace(weights_);
}

Prediction Predictor::predict(const Matrix& features) const {
    // By kernels a point takes P D (P + 2 N0 n) D operations, by weights (N0 n D)^2; but where examples leave
    // directions open, weights lose digits, sqrt(K/T) roundings. Reduced training sets have nearly as many
    // examples as path features.
    if (10 * kernels_.examples() < 9 * kernels_.features().cols()) return predict_by_kernels(features);
    if (!covariance_) covariance_.emplace(kernels_, temperature_, U_);
    return {mean(features), covariance_->variance(features)};
}

Prediction Predictor::predict_by_kernels(const Matrix& features) const {
    constexpr Index block = 512;  // points at a time: bounds the memory of the cross kernel
    const Index outputs = kernels_.outputs();
    const Index paths = kernels_.paths();
    const Index examples = kernels_.examples();
    const Matrix scaled_U = kernels_.prefactor() * U_;
    Prediction prediction{Matrix(features.rows(), outputs), Matrix(features.rows(), outputs)};
    Matrix cross;
    for (Index start = 0; start < features.rows(); start += block) {
        const Index count = std::min(block, features.rows() - start);
        const Matrix points = features.middleRows(start, count);
        for (Index d = 0; d < outputs; ++d) {
            cross.resize(examples * outputs, count);
            for (Index e = 0; e < outputs; ++e) {
                const Matrix mixed = mix_paths(points, scaled_U, paths, outputs, d, e);
                cross.middleRows(e * examples, examples).noalias() = kernels_.features() * mixed.transpose();
                if (e == d)
                    prediction.variance.col(d).segment(start, count) =
                        mixed.cwiseProduct(points).rowwise().sum();
            }
            prediction.mean.col(d).segment(start, count).noalias() = cross.transpose() * weights_;
            factor_.triangularView<Eigen::Lower>().solveInPlace(cross);
            prediction.variance.col(d).segment(start, count) -= cross.colwise().squaredNorm().transpose();
        }
    }
    return prediction;
}

Matrix Predictor::mean(const Matrix& features) const {
    const Index outputs = kernels_.outputs();
    const Index paths = kernels_.paths();
    const Index width = kernels_.input_width();
    // X'(K+TI)^{-1} y by feature, and by path and output, the output fastest as in U.
    const Matrix by_feature =
        kernels_.features().transpose() * weights_.reshaped(kernels_.examples(), outputs);
    Matrix readout(width, paths * outputs);
    for (Index path = 0; path < paths; ++path)
        readout.middleCols(path * outputs, outputs) = by_feature.middleRows(path * width, width);
    const Matrix mixed = kernels_.prefactor() * readout * U_;
    Matrix of_features(width * paths, outputs);
    for (Index path = 0; path < paths; ++path)
        of_features.middleRows(path * width, width) = mixed.middleCols(path * outputs, outputs);
    return features * of_features;
}

Vector Predictor::variance(Matrix cross, const Vector& own) const {
    factor_.triangularView<Eigen::Lower>().solveInPlace(cross);
    return own - cross.colwise().squaredNorm().transpose();
}

Prediction Predictor::predict_training() const {
    // K (K+TI)^{-1} y = y - T (K+TI)^{-1} y,   K - K (K+TI)^{-1} K = T - T^2 (K+TI)^{-1}
    Matrix inverse = factor_;
    lapack::inverse_from_cholesky(inverse);
    Prediction prediction;
    prediction.mean = y_ - temperature_ * weights_.reshaped(y_.rows(), y_.cols());
    prediction.variance = (temperature_ - temperature_ * temperature_ * inverse.diagonal().array())
                              .matrix()
                              .reshaped(y_.rows(), y_.cols());
    return prediction;
}

PredictionQuality prediction_quality(const Prediction& prediction, const Matrix& targets,
                                     bool targets_are_classes) {
    PredictionQuality quality{};
    const auto points = static_cast<double>(targets.rows());
    quality.bias = (targets - prediction.mean).squaredNorm() / points;
    quality.variance = prediction.variance.sum() / points;
    quality.mse = quality.bias + quality.variance;
    quality.accuracy = std::numeric_limits<double>::quiet_NaN();
    quality.determination = std::numeric_limits<double>::quiet_NaN();
    if (!targets_are_classes) {
        const double spread = (targets.rowwise() - targets.colwise().mean()).squaredNorm() / points;
        if (spread > 0) quality.determination = 1 - quality.bias / spread;
    } else {
        Index right = 0;
        for (Index point = 0; point < targets.rows(); ++point) {
            if (targets.cols() == 1) {
                const double mean = prediction.mean(point, 0);
                const double sign = mean > 0 ? 1 : (mean < 0 ? -1 : 0);
                right += sign == targets(point, 0) ? 1 : 0;
            } else {
                Index predicted = 0;
                Index wanted = 0;
                prediction.mean.row(point).maxCoeff(&predicted);
                targets.row(point).maxCoeff(&wanted);
                right += predicted == wanted ? 1 : 0;
            }
        }
        quality.accuracy = static_cast<double>(right) / points;
    }
    return quality;
}

}  // namespace attnpaths
