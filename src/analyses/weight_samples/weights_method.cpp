#include "sweep/weights_method.hpp"

#include "base/error.hpp"
#include "base/settings.hpp"
#include "analyses/samples/weight_draws.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace attnpaths {

namespace {

/// Sampling the weights of a network that does not fit would end in the middle of a chain.
void check_memory(const PointConfiguration& configuration, const SamplingProblem& problem) {
    const SamplingConfiguration& sampling = configuration.sampling;
    const int chains = sampling.weights.options.chains;
    const int draws = sampling.weights.options.max_draws;
    const double vector =
        weight_bytes(problem.problem.architecture(), problem.problem.kernels().input_width());
    // Per chain: position, gradient, metric, its estimator, the trajectory's ends and momenta; and its saved
    // state, here and on the way to the master.
    constexpr double vectors_per_chain = 60;
    double points = 0;
    for (const ExampleSet& set : problem.problem.dataset().tests) points += static_cast<double>(set.y.size());
    const double blocks = draws / std::max(1.0, sampling.weights.options.draws / 10.0);
    double needed = chains * (vectors_per_chain * vector + 3 * 16 * points * blocks);
    if (needed > configuration.memory_per_rank)
        throw Error(ExitCode::internal,
                    fmt::format("sampling the weights needs about {} of memory; the budget is {}: raise "
                                "run.memory_per_rank, or choose smaller widths or the method order-parameter",
                                memory_text(needed), memory_text(configuration.memory_per_rank)));
    if (sampling.draws == StoredDraws::weights)
        WeightDraws::check_memory(problem.problem.architecture(), problem.problem.kernels().input_width(),
                                  chains, draws / sampling.thin, configuration.memory_per_rank);
}

}  // namespace

WeightsMethod::WeightsMethod(const PointConfiguration& configuration, const SamplingProblem& problem)
    : configuration_(configuration.sampling),
      problem_(problem),
      posterior_((check_memory(configuration, problem), problem.problem.architecture()),
                 problem.problem.kernels().features(), problem.problem.y(), problem.problem.temperature()),
      target_(weight_target(posterior_, problem.problem.test_features())) {
    target_.nuts.warmup = configuration_.weights.warmup;
    target_.block = std::max(1, configuration_.weights.options.draws / 10);
    target_.keep_every = configuration_.draws == StoredDraws::weights ? configuration_.thin : 0;
}

const SamplingOptions& WeightsMethod::options() const {
    return configuration_.weights.options;
}

std::vector<AveragedPrediction> WeightsMethod::predictions(ChainEnsemble& ensemble,
                                                           const std::function<void()>& poll) const {
    const Index blocks_per_chain = ensemble.goal() / target_.block;
    Matrix means(target_.averaged, ensemble.size() * blocks_per_chain);
    Matrix mean_squares = means;
    for (int c = 0; c < ensemble.size(); ++c) {
        poll();
        means.middleCols(c * blocks_per_chain, blocks_per_chain) = ensemble.chain(c).block_means();
        mean_squares.middleCols(c * blocks_per_chain, blocks_per_chain) =
            ensemble.chain(c).block_mean_squares();
    }
    std::vector<AveragedPrediction> result;
    Index next = 0;
    for (const ExampleSet& set : problem_.problem.dataset().tests) {
        result.emplace_back(means.middleRows(next, set.y.size()), mean_squares.middleRows(next, set.y.size()),
                            problem_.problem.kernels().outputs());
        next += set.y.size();
    }
    return result;
}

void WeightsMethod::add_draws(ChainEnsemble& ensemble, const std::string& group,
                              const std::function<void()>& poll, Record& record) const {
    if (configuration_.draws != StoredDraws::weights) return;
    const auto draws = static_cast<int>(ensemble.chain(0).kept().size());
    WeightDraws stored(problem_.problem.architecture(), ensemble.size(), draws);
    for (int c = 0; c < ensemble.size(); ++c) {
        for (const Vector& position : ensemble.chain(c).kept()) {
            poll();
            stored.add(posterior_.layout().unpack(position));
        }
    }
    stored.enter(group, record);
}

}  // namespace attnpaths
