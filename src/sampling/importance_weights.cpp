#include "sampling/importance_weights.hpp"

#include <cmath>

namespace attnpaths {

Vector relative_weights(const Vector& log_weights) {
    return (log_weights.array() - log_weights.maxCoeff()).exp();
}

double effective_draws(const Vector& log_weights) {
    const Vector weights = relative_weights(log_weights);
    return std::pow(weights.sum(), 2) / weights.squaredNorm();
}

WeightedMean weighted_mean(const std::function<Matrix(Index block)>& values, const Vector& log_weights) {
    Vector weights = relative_weights(log_weights);
    weights /= weights.sum();
    const auto for_each_block = [&](const auto& function) {
        for (Index block = 0, start = 0; start < weights.size(); ++block) {
            const Matrix of_block = values(block);
            function(of_block, weights.segment(start, of_block.cols()));
            start += of_block.cols();
        }
    };
    WeightedMean result;
    for_each_block([&](const Matrix& of_block, const auto& weight) {
        if (result.mean.size() == 0) result.mean.setZero(of_block.rows());
        result.mean.noalias() += of_block * weight;
    });
    result.error = result.sd = Vector::Zero(result.mean.size());
    for_each_block([&](const Matrix& of_block, const auto& weight) {
        const Matrix deviations = of_block.colwise() - result.mean;
        result.sd += deviations.cwiseAbs2() * weight;
        // Of a ratio of sums over pairs: the pairs, not the draws, are independent.
        const Matrix weighted = deviations * weight.asDiagonal();
        const Index pairs = weighted.cols() / 2;
        result.error +=
            (weighted(Eigen::all, Eigen::seqN(0, pairs, 2)) + weighted(Eigen::all, Eigen::seqN(1, pairs, 2)))
                .rowwise()
                .squaredNorm();
    });
    result.error = result.error.cwiseSqrt();
    result.sd = result.sd.cwiseSqrt();
    return result;
}

std::vector<Index> resample(const Vector& weights, Index count, RandomStream& random) {
    const double step = weights.sum() / static_cast<double>(count);
    double next = step * random.uniform();
    double sum = weights(0);
    std::vector<Index> chosen;
    for (Index draw = 0; static_cast<Index>(chosen.size()) < count; next += step) {
        while (sum <= next && draw + 1 < weights.size()) sum += weights(++draw);
        chosen.push_back(draw);
    }
    return chosen;
}

}  // namespace attnpaths
