#include "sampling/averaged_prediction.hpp"

#include <cmath>
#include <limits>

namespace attnpaths {

AveragedPrediction::AveragedPrediction(Matrix means, const Matrix& mean_squares, Index outputs)
    : block_means_(std::move(means)) {
    const Index points = block_means_.rows() / outputs;
    const Vector mean = block_means_.rowwise().mean();
    const Vector variance = mean_squares.rowwise().mean() - mean.cwiseAbs2();
    prediction_.mean = mean.reshaped(points, outputs);
    prediction_.variance = variance.cwiseMax(0).reshaped(points, outputs);
}

Matrix AveragedPrediction::mean_error() const {
    const auto blocks = static_cast<double>(block_means_.cols());
    const Matrix& mean = prediction_.mean;
    if (blocks < 2) return Matrix::Constant(mean.rows(), mean.cols(), std::numeric_limits<double>::quiet_NaN());
    const Matrix deviations = block_means_.colwise() - mean.reshaped();
    const Vector error = (deviations.rowwise().squaredNorm() / (blocks * (blocks - 1))).cwiseSqrt();
    return error.reshaped(mean.rows(), mean.cols());
}

double AveragedPrediction::accuracy_error(const Matrix& targets) const {
    const Index blocks = block_means_.cols();
    if (blocks < 2) return std::numeric_limits<double>::quiet_NaN();
    Vector accuracies(blocks);
    const Vector sum = block_means_.rowwise().sum();
    Prediction without{Matrix(), prediction_.variance};
    for (Index block = 0; block < blocks; ++block) {
        const Vector mean = (sum - block_means_.col(block)) / static_cast<double>(blocks - 1);
        without.mean = mean.reshaped(targets.rows(), targets.cols());
        accuracies(block) = prediction_quality(without, targets, true).accuracy;
    }
    const auto count = static_cast<double>(blocks);
    return std::sqrt((accuracies.array() - accuracies.mean()).square().sum() * (count - 1) / count);
}

}  // namespace attnpaths
