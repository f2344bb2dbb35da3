#include "analyses/order_parameter_samples/average_predictions.hpp"

#include "theory/point_kernels.hpp"

#include <optional>

namespace attnpaths {

namespace {

/// Kernels of points by pairs of paths are made where they fit into this; beyond, reading them takes as long
/// as the sums over features that they save.
constexpr double most_kernel_bytes = 1 << 27U;

bool has_kernels(double points, double examples, Index paths, Index outputs) {
    return outputs == 1 && PointKernels::bytes(static_cast<Index>(points), static_cast<Index>(examples),
                                               paths) <= most_kernel_bytes;
}

/// Points that many predictors are asked about.
class TestPoints {
  public:
    TestPoints(const PathKernels& training, const Matrix& features, bool with_kernels) : features_(features) {
        if (with_kernels) kernels_.emplace(training, features);
    }
    [[nodiscard]] Prediction predicted_by(const Predictor& predictor) const {
        return kernels_ ? predictor.predict(*kernels_) : predictor.predict(features_);
    }

  private:
    const Matrix& features_;
    std::optional<PointKernels> kernels_;
};

}  // namespace

std::vector<AveragedPrediction> average_predictions(
    const Problem& problem, Index blocks, Index draws_per_block,
    const std::function<DrawOfBlock(Index block, Index draw)>& draw, const std::function<void()>& poll) {
    const Index outputs = problem.kernels().outputs();
    double all_points = 0;
    for (const Matrix& features : problem.test_features()) all_points += static_cast<double>(features.rows());
    const bool with_kernels = has_kernels(all_points, static_cast<double>(problem.kernels().examples()),
                                          problem.kernels().paths(), outputs);
    std::vector<TestPoints> points;
    std::vector<Matrix> means;
    for (const Matrix& features : problem.test_features()) {
        points.emplace_back(problem.kernels(), features, with_kernels);
        means.emplace_back(Matrix::Zero(features.rows() * outputs, blocks));
    }
    std::vector<Matrix> mean_squares = means;
    for (Index block = 0; block < blocks; ++block)
        for (Index i = 0; i < draws_per_block; ++i) {
            poll();
            const auto [U, share] = draw(block, i);
            const Predictor predictor = problem.predictor(U);
            for (std::size_t set = 0; set < points.size(); ++set) {
                const Prediction one = points[set].predicted_by(predictor);
                means[set].col(block) += share * one.mean.reshaped();
                mean_squares[set].col(block) += share * (one.mean.cwiseAbs2() + one.variance).reshaped();
            }
        }
    std::vector<AveragedPrediction> result;
    for (std::size_t set = 0; set < means.size(); ++set)
        result.emplace_back(std::move(means[set]), mean_squares[set], outputs);
    return result;
}

double prediction_operations(double points, double system, Index paths, Index outputs, double input_width) {
    const auto n = static_cast<double>(paths);
    const double cross = has_kernels(points, system, paths, outputs)
                             ? n * (n + 1)
                             : 2 * input_width * n * static_cast<double>(outputs);
    return points * static_cast<double>(outputs) * system * (cross + system) + system * system * system / 3;
}

double prediction_bytes(double points, double system, Index paths, Index outputs) {
    return has_kernels(points, system, paths, outputs)
               ? PointKernels::bytes(static_cast<Index>(points), static_cast<Index>(system), paths)
               : 0;
}

}  // namespace attnpaths
