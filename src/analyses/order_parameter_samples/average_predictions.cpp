#include "analyses/order_parameter_samples/average_predictions.hpp"

#include "theory/point_kernels.hpp"

#include <algorithm>
#include <utility>

namespace attnpaths {

namespace {

// Predictors that wait for their variances, and kernels of points by pairs of paths.
constexpr double most_waiting_bytes = 1 << 27U;
constexpr double most_kernel_bytes = 1 << 25U;

Index most_waiting(double system) {
    constexpr Index most = 256;
    return std::clamp(static_cast<Index>(most_waiting_bytes / (sizeof(double) * system * system)), Index{1},
                      most);
}

/// Kernels by pairs of paths cost as much as kernels from features for about as many draws as there are
/// paths.
bool has_kernels(Index draws, Index paths, Index outputs) {
    return outputs == 1 && draws >= 2 * paths;
}

/// Variances of many predictors, each at all test points: predictors are collected, so that kernels of the
/// points are made, and read, once for many.
class VarianceSum {
  public:
    VarianceSum(const Problem& problem, Index blocks) : problem_(problem) {
        for (const Matrix& features : problem.test_features())
            sums_.emplace_back(Matrix::Zero(features.rows() * problem.kernels().outputs(), blocks));
    }

    void add(Index block, double share, const Matrix& U, Predictor predictor) {
        blocks_.push_back(block);
        shares_.push_back(share);
        U_.push_back(U);
        predictors_.push_back(std::move(predictor));
    }
    /// Whether it is time for work().
    [[nodiscard]] bool is_full() const {
        return static_cast<Index>(U_.size()) >= most_waiting(static_cast<double>(problem_.y().size()));
    }
    /// Adds the variances of those that were collected.
    void work(const std::function<void()>& poll) {
        const PathKernels& kernels = problem_.kernels();
        const bool by_pairs = has_kernels(static_cast<Index>(U_.size()), kernels.paths(), kernels.outputs());
        for (std::size_t set = 0; set < sums_.size(); ++set)
            by_pairs ? add_by_pairs(set, poll) : add_by_features(set, poll);
        blocks_.clear();
        shares_.clear();
        U_.clear();
        predictors_.clear();
    }
    /// [points D, blocks] of each test set.
    [[nodiscard]] const std::vector<Matrix>& sums() const { return sums_; }

  private:
    void add_by_features(std::size_t set, const std::function<void()>& poll) {
        for (std::size_t i = 0; i < U_.size(); ++i) {
            poll();
            sums_[set].col(blocks_[i]) +=
                shares_[i] * predictors_[i].predict(problem_.test_features()[set]).variance.reshaped();
        }
    }
    void add_by_pairs(std::size_t set, const std::function<void()>& poll) {
        const PathKernels& kernels = problem_.kernels();
        const Matrix& features = problem_.test_features()[set];
        const Index examples = kernels.examples();
        constexpr Index fewest_points = 16;  // at a time
        const auto fitting =
            static_cast<Index>(most_kernel_bytes / PointKernels::bytes(1, examples, kernels.paths()));
        const Index block = std::max(fewest_points, fitting);
        for (Index start = 0; start < features.rows(); start += block) {
            const Index count = std::min(block, features.rows() - start);
            const PointKernels points(kernels, features.middleRows(start, count));
            const Matrix cross = points.cross(U_);
            const Matrix own = points.own(U_);
            for (std::size_t i = 0; i < U_.size(); ++i) {
                poll();
                const auto draw = static_cast<Index>(i);
                sums_[set].col(blocks_[i]).segment(start, count) +=
                    shares_[i] *
                    predictors_[i].variance(cross.col(draw).reshaped(examples, count), own.col(draw));
            }
        }
    }

    const Problem& problem_;
    std::vector<Matrix> sums_;
    std::vector<Index> blocks_;
    std::vector<double> shares_;
    std::vector<Matrix> U_;
    std::vector<Predictor> predictors_;
};

}  // namespace

std::vector<AveragedPrediction> average_predictions(
    const Problem& problem, const DrawBlocks& count,
    const std::function<DrawOfBlock(Index block, Index draw)>& draw, const std::function<void()>& poll) {
    const Index outputs = problem.kernels().outputs();
    std::vector<Matrix> means;
    for (const Matrix& features : problem.test_features())
        means.emplace_back(Matrix::Zero(features.rows() * outputs, count.blocks));
    std::vector<Matrix> mean_squares = means;
    VarianceSum variances(problem, count.blocks);
    Vector variance_shares = Vector::Zero(count.blocks);
    for (Index block = 0; block < count.blocks; ++block)
        for (Index i = 0; i < count.draws; ++i) {
            poll();
            const auto [U, share] = draw(block, i);
            Predictor predictor = problem.predictor(U);
            for (std::size_t set = 0; set < means.size(); ++set) {
                const Vector mean = predictor.mean(problem.test_features()[set]).reshaped();
                means[set].col(block) += share * mean;
                mean_squares[set].col(block) += share * mean.cwiseAbs2();
            }
            if (i >= count.variance_draws) continue;
            variance_shares(block) += share;
            variances.add(block, share, U, std::move(predictor));
            if (variances.is_full()) variances.work(poll);
        }
    variances.work(poll);
    std::vector<AveragedPrediction> result;
    for (std::size_t set = 0; set < means.size(); ++set) {
        // Every block counts alike.
        const Vector own =
            variances.sums()[set] * variance_shares.cwiseInverse() / static_cast<double>(count.blocks);
        result.emplace_back(std::move(means[set]), mean_squares[set], outputs, own);
    }
    return result;
}

double prediction_operations(const PredictionSize& size, double draws, double variance_draws) {
    const auto n = static_cast<double>(size.paths);
    const auto outputs = static_cast<double>(size.outputs);
    const double features = size.input_width * n;
    const double factor = size.system * size.system * (size.system / 3 + n * (n + 1));
    const double means = draws * (factor + 2 * features * (size.system + size.points * outputs));
    const auto waiting = std::min<double>(variance_draws, static_cast<double>(most_waiting(size.system)));
    const bool by_pairs = has_kernels(static_cast<Index>(waiting), size.paths, size.outputs);
    const double kernels = by_pairs ? n * (n + 1) + 2 * features * n / waiting : 2 * features * outputs;
    return means + variance_draws * size.points * outputs * size.system * (kernels + size.system);
}

double prediction_bytes(const PredictionSize& size) {
    const double kernel = sizeof(double) * size.system * size.system;
    return static_cast<double>(most_waiting(size.system)) * kernel + 2 * most_kernel_bytes;
}

}  // namespace attnpaths
