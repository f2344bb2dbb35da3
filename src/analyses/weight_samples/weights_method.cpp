#include "analyses/weight_samples/weights_method.hpp"

#include "analyses/samples/weight_draws.hpp"
#include "base/error.hpp"
#include "base/settings.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace attnpaths {

namespace {

/// Sampling the weights of a network that does not fit would end in the middle of a chain.
void check_memory(const SamplerSettings& settings, const SamplingProblem& problem) {
    const int chains = settings.options.chains;
    const int draws = settings.options.max_draws;
    const double vector =
        weight_bytes(problem.problem.architecture(), problem.problem.kernels().input_width());
    // Per chain: position, gradient, metric, its estimator, the trajectory's ends and momenta; and its saved
    // state, here and on the way to the master.
    constexpr double vectors_per_chain = 60;
    double points = 0;
    for (const ExampleSet& set : problem.problem.dataset().tests) points += static_cast<double>(set.y.size());
    const double blocks = draws / std::max(1.0, settings.options.draws / 10.0);
    double needed = chains * (vectors_per_chain * vector + 3 * 16 * points * blocks);
    if (needed > problem.memory_budget)
        throw Error(
            ExitCode::internal,
            fmt::format(
                "sampling the weights needs about {} of memory; the budget is {}: raise "
                "run.memory_per_rank, or choose smaller widths or the analysis order-parameter-samples",
                memory_text(needed), memory_text(problem.memory_budget)));
    if (settings.draws == StoredDraws::weights)
        WeightDraws::check_memory(problem.problem.architecture(), problem.problem.kernels().input_width(),
                                  chains, draws / settings.thin, problem.memory_budget);
}

}  // namespace

WeightsMethod::WeightsMethod(const SamplerSettings& settings, const SamplingProblem& problem)
    : settings_(settings),
      problem_(problem),
      posterior_((check_memory(settings, problem), problem.problem.architecture()),
                 problem.problem.kernels().features(), problem.problem.y(), problem.problem.temperature()),
      target_(weight_target(posterior_, problem.problem.test_features())) {
    target_.nuts.warmup = settings_.warmup;
    target_.block = std::max(1, settings_.options.draws / 10);
    target_.keep_every = settings_.draws == StoredDraws::weights ? settings_.thin : 0;
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
    if (settings_.draws != StoredDraws::weights) return;
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
