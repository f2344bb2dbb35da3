#include "sampling/averaged_prediction.hpp"

#include "base/random_stream.hpp"

#include <cmath>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

namespace attnpaths {

AveragedPrediction::AveragedPrediction(Matrix means, const Matrix& mean_squares, Index outputs,
                                       Vector own_variances)
    : block_means_(std::move(means)), own_variances_(std::move(own_variances)) {
    const Index points = block_means_.rows() / outputs;
    const Vector mean = block_means_.rowwise().mean();
    Vector variance = (mean_squares.rowwise().mean() - mean.cwiseAbs2()).cwiseMax(0);
    if (own_variances_.size() > 0) variance += own_variances_;
    prediction_.mean = mean.reshaped(points, outputs);
    prediction_.variance = variance.reshaped(points, outputs);
}

Matrix AveragedPrediction::mean_error() const {
    const auto blocks = static_cast<double>(block_means_.cols());
    const Matrix& mean = prediction_.mean;
    if (blocks < 2)
        return Matrix::Constant(mean.rows(), mean.cols(), std::numeric_limits<double>::quiet_NaN());
    const Matrix deviations = block_means_.colwise() - mean.reshaped();
    const Vector error = (deviations.rowwise().squaredNorm() / (blocks * (blocks - 1))).cwiseSqrt();
    return error.reshaped(mean.rows(), mean.cols());
}

double AveragedPrediction::bias_error(const Matrix& targets) const {
    const auto blocks = static_cast<double>(block_means_.cols());
    if (blocks < 2) return std::numeric_limits<double>::quiet_NaN();
    const Vector slope = 2 * (prediction_.mean - targets).reshaped() / static_cast<double>(targets.rows());
    const Vector of_blocks = block_means_.transpose() * slope;
    return std::sqrt((of_blocks.array() - of_blocks.mean()).square().sum() / (blocks * (blocks - 1)));
}

double AveragedPrediction::accuracy_error(const Matrix& targets) const {
    const Index blocks = block_means_.cols();
    const Index half = blocks / 2;
    if (half < 1) return std::numeric_limits<double>::quiet_NaN();
    const double accuracy = prediction_quality(prediction_, targets, true).accuracy;
    constexpr int samples = 100;
    std::vector<Index> order(static_cast<std::size_t>(blocks));
    std::iota(order.begin(), order.end(), Index{0});
    RandomStream random(0, "averaged-prediction/halves", 0);
    double squares = 0;
    for (int sample = 0; sample < samples; ++sample) {
        for (std::size_t i = 0; i < static_cast<std::size_t>(half); ++i) {
            const auto left = static_cast<double>(order.size() - i);
            std::swap(order[i], order[i + static_cast<std::size_t>(random.uniform() * left)]);
        }
        const std::vector<Index> chosen(order.begin(), order.begin() + half);
        const Vector mean = block_means_(Eigen::all, chosen).rowwise().mean();
        const Prediction own{mean.reshaped(targets.rows(), targets.cols()), prediction_.variance};
        squares += std::pow(prediction_quality(own, targets, true).accuracy - accuracy, 2);
    }
    // The mean over h of B blocks differs from that over all by sqrt((B - h)/h) of the latter's error.
    const auto ratio = static_cast<double>(half) / static_cast<double>(blocks - half);
    return std::sqrt(squares / samples * ratio);
}

}  // namespace attnpaths
