#include "analyses/order_parameter_samples/independent_means.hpp"

#include "analyses/order_parameter_samples/average_predictions.hpp"
#include "sampling/importance_weights.hpp"
#include "sampling/lower_triangle.hpp"

#include <algorithm>
#include <utility>

namespace attnpaths {

namespace {

constexpr Index block_size = IndependentDraws::block_size;

}  // namespace

ControlledMean::Estimate mean_of_order_parameter(const PointDraws& point, const Vector& weights,
                                                 const Controls& controls,
                                                 const std::function<void()>& poll) {
    ControlledMean mean(lower_triangle(point.problem.theory.order_parameters.U.front()), controls.count());
    for (Index number = 0; number < weights.size() / block_size; ++number) {
        poll();
        const IndependentDraws::Block block = point.draws.block(static_cast<std::uint64_t>(number));
        Matrix values(mean.quantities(), block_size);
        for (Index draw = 0; draw < block_size; ++draw)
            values.col(draw) = lower_triangle(block.U[static_cast<std::size_t>(draw)]);
        mean.add(number, values, weights.segment(number * block_size, block_size), controls.of(block));
    }
    return mean.estimate();
}

std::vector<AveragedPrediction> predictions_of_some(const PointDraws& point, const Vector& weights,
                                                    const PredictorDraws& wanted,
                                                    const std::function<void()>& poll) {
    constexpr Index most_blocks = 20;
    const Index pairs = std::max<Index>(1, wanted.means / 2);
    const Index blocks = std::min(most_blocks, pairs);
    const Index pairs_per_block = pairs / blocks;
    const Index variance_pairs = std::clamp(wanted.variances / 2 / blocks, Index{1}, pairs_per_block);
    const Vector of_pairs = weights.reshaped(2, weights.size() / 2).colwise().sum().transpose();
    RandomStream random(point.problem.stream_seed, "order-parameter/resampled-pairs", 0);
    const std::vector<Index> chosen = resample(of_pairs, blocks * pairs_per_block, random);
    DrawReader reader(point.draws);
    return average_predictions(
        point.problem.problem, {blocks, 2 * pairs_per_block, 2 * variance_pairs},
        [&](Index block, Index i) -> DrawOfBlock {
            const Index pair = chosen[static_cast<std::size_t>(block * pairs_per_block + i / 2)];
            const Index draw = 2 * pair + i % 2;
            return {reader.order_parameter(draw),
                    weights(draw) / of_pairs(pair) / static_cast<double>(pairs_per_block)};
        },
        poll);
}

std::vector<AveragedPrediction> predictions_of_all(const PointDraws& point, const Vector& weights,
                                                   const Controls& controls, const PredictorDraws& wanted,
                                                   const std::function<void()>& poll) {
    const Problem& problem = point.problem.problem;
    const std::vector<Matrix>& tests = problem.test_features();
    const Predictor theory = problem.predictor(point.problem.theory.order_parameters.U.front());
    // Of each test set the mean predictor and its square, one below the other.
    const auto quantities = [&](const Predictor& predictor, std::size_t set) {
        const Vector mean = predictor.mean(tests[set]).reshaped();
        Vector both(2 * mean.size());
        both << mean, mean.cwiseAbs2();
        return both;
    };
    std::vector<ControlledMean> means;
    for (std::size_t set = 0; set < tests.size(); ++set)
        means.emplace_back(quantities(theory, set), controls.count());
    std::vector<Matrix> values;
    for (const ControlledMean& mean : means) values.emplace_back(mean.quantities(), block_size);
    for (Index number = 0; number < weights.size() / block_size; ++number) {
        const IndependentDraws::Block block = point.draws.block(static_cast<std::uint64_t>(number));
        for (Index draw = 0; draw < block_size; ++draw) {
            poll();
            const Predictor predictor = problem.predictor(block.U[static_cast<std::size_t>(draw)]);
            for (std::size_t set = 0; set < tests.size(); ++set)
                values[set].col(draw) = quantities(predictor, set);
        }
        const Matrix of_block = controls.of(block);
        for (std::size_t set = 0; set < tests.size(); ++set)
            means[set].add(number, values[set], weights.segment(number * block_size, block_size), of_block);
    }
    const std::vector<AveragedPrediction> some = predictions_of_some(point, weights, wanted, poll);
    std::vector<AveragedPrediction> result;
    for (std::size_t set = 0; set < tests.size(); ++set) {
        const ControlledMean::Estimate estimate = means[set].estimate();
        const Index points = estimate.mean.size() / 2;
        result.emplace_back(estimate.parts.topRows(points), estimate.parts.bottomRows(points),
                            problem.kernels().outputs(), some[set].own_variances());
    }
    return result;
}

}  // namespace attnpaths
