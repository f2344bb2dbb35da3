#include "analyses/order_parameter_samples/independent_sampling.hpp"

#include "analyses/order_parameter_samples/independent_means.hpp"
#include "analyses/order_parameter_samples/order_parameter_cost.hpp"
#include "analyses/order_parameter_samples/order_parameter_method.hpp"
#include "analyses/record_values.hpp"
#include "analyses/samples/point_sampler.hpp"
#include "analyses/samples/sample_record.hpp"
#include "analyses/samples/weight_draws.hpp"
#include "base/error.hpp"
#include "sampling/importance_weights.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace attnpaths {

namespace {

PointSampler<IndependentEnsemble> sampler_of(const PointDraws& point, const IndependentOptions& options,
                                             Context& context) {
    return {independent_draws_name, context,
            [&](EnsembleState state) { return IndependentEnsemble(point.draws, options, std::move(state)); }};
}

std::string reason_of(const WeightSummary& weights) {
    std::string shape = fmt::format("Pareto k {:.2f} of {} draws", weights.pareto_k, weights.draws);
    switch (weights.quality) {
        case WeightQuality::reliable:
            return shape;
        case WeightQuality::doubtful:
            return shape + " is between 0.5 and 0.7: errors may be larger than they say";
        case WeightQuality::unreliable:
            return shape + " is above 0.7";
        case WeightQuality::too_few:
            break;
    }
    return fmt::format("{} draws are worth {:.0f}", weights.draws, weights.effective_draws);
}

/// Draws of equal weight, as many as the weights are worth, thinned.
void add_draws(const SamplerSettings& settings, PointDraws& point, const Vector& weights, double worth,
               const std::string& group, const std::function<void()>& poll, Record& record) {
    const auto count = std::max<Index>(1, static_cast<Index>(worth) / settings.thin);
    RandomStream random(point.problem.stream_seed, "order-parameter/resampled", 0);
    const std::vector<Index> chosen = resample(weights, count, random);
    const Architecture& architecture = point.problem.problem.architecture();
    if (settings.draws == StoredDraws::weights)
        WeightDraws::check_memory(architecture, point.problem.problem.kernels().input_width(), 1,
                                  static_cast<int>(count), point.problem.memory_budget);
    OrderParameterPosterior posterior(architecture, &point.data_term);
    const LogDensity density = posterior.log_density();
    DrawReader reader(point.draws);
    const auto stored = static_cast<std::uint64_t>(count);
    ValueArray U{{1, stored}, {}};
    ValueArray log_density{{1, stored}, {}};
    WeightDraws network(architecture, 1, static_cast<int>(count));
    Vector gradient;
    for (std::size_t i = 0; i < chosen.size(); ++i) {
        poll();
        const Vector& unknowns = reader.unknowns(chosen[i]);
        append(U, reader.order_parameter(chosen[i]));
        log_density.values.push_back(density.value_and_gradient(unknowns, gradient));
        if (settings.draws == StoredDraws::weights)
            network.add(network_weights_given(point.problem, posterior.coordinates().expand(unknowns), 0, i));
    }
    record[group + "/draws_order_parameter"] = std::move(U);
    record[group + "/draws_log_density"] = std::move(log_density);
    record[group + "/draws_thin"] = static_cast<std::int64_t>(settings.thin);
    if (settings.draws == StoredDraws::weights) network.enter(group, record);
}

void add_weights(const WeightSummary& weights, const std::string& group, Record& record) {
    record[group + "/pareto_k"] = weights.pareto_k;
    record[group + "/ess"] = weights.effective_draws;
    record[group + "/draws"] = static_cast<std::int64_t>(weights.draws);
    record[group + "/seconds"] = weights.seconds;
}

}  // namespace

std::string verdict_of(WeightQuality quality) {
    switch (quality) {
        case WeightQuality::reliable:
            return "sampled";
        case WeightQuality::doubtful:
            return "doubtful";
        case WeightQuality::unreliable:
            return "unreliable";
        case WeightQuality::too_few:
            break;
    }
    return "too-few";
}

IndependentOutcome sample_independently(const std::string& group, const OrderParameterSettings& settings,
                                        const SamplingProblem& problem, Context& context, Record& record) {
    const std::function<void()>& poll = context.hooks.poll;
    PointDraws point(problem, context);
    PointSampler<IndependentEnsemble> sampler = sampler_of(point, settings.independent, context);
    WeightSummary summary;
    sampler.run([&](IndependentEnsemble& ensemble) {
        summary = ensemble.summarise();
        return summary.is_last;
    });
    add_weights(summary, group, record);
    IndependentOutcome outcome{summary.quality, reason_of(summary)};
    if (!is_usable(summary.quality)) return outcome;
    const Vector log_weights = sampler.ensemble().log_weights();
    const Vector weights = relative_weights(log_weights);
    const ProblemSize size = size_of(problem.problem);
    const bool is_controlled = are_controlled(size, settings, summary.effective_draws);
    const Controls controls = is_controlled ? Controls(point, poll) : Controls();
    const ControlledMean::Estimate U = mean_of_order_parameter(point, weights, controls, poll);
    SaddleDistance distance;
    add_order_parameter(problem, {U.mean, U.error, U.sd}, group, record, distance);
    record[group + "/control_gain"] = U.gain;
    record["evidence/sampled"] = IndependentDraws::log_evidence(
        log_weights.maxCoeff() + std::log(U.mean_weight), problem.problem.training().targets().size(),
        point.data_term.constant());
    record["evidence/sampled_error"] = U.mean_weight_error / U.mean_weight;
    const PredictorDraws wanted = predictor_draws(size, settings);
    add_averages(settings.chains.predictions, problem,
                 U.gain > 1 && has_room_for_all(size)
                     ? predictions_of_all(point, weights, controls, wanted, poll)
                     : predictions_of_some(point, weights, wanted, poll),
                 group, record, distance);
    if (settings.chains.draws != StoredDraws::none)
        add_draws(settings.chains, point, weights, summary.effective_draws, group, poll, record);
    return outcome;
}

void advance_strands(const OrderParameterSettings& settings, const SamplingProblem& problem,
                     std::span<const int> strands, Context& context) {
    const PointDraws point(problem, context);
    sampler_of(point, settings.independent, context).advance_some(strands);
}

}  // namespace attnpaths
