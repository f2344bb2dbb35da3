#include "analyses/samples/sample.hpp"

#include "analyses/record_values.hpp"
#include "analyses/samples/point_sampler.hpp"
#include "analyses/samples/sample_record.hpp"
#include "sampling/lower_triangle.hpp"

#include <utility>

namespace attnpaths {

namespace {

PointSampler<ChainEnsemble> sampler_of(const std::string& name, const SamplingMethod& method,
                                       Context& context) {
    return {name, context, [&](EnsembleState state) {
                return ChainEnsemble(method.target(), context.stream_seed, name, method.settings().options,
                                     std::move(state));
            }};
}

void add_summary(const SamplingProblem& problem, const SampleSummary& summary, int chains,
                 const std::string& group, Record& record, SaddleDistance& distance) {
    record[group + "/verdict"] = std::string(summary.converged ? "sampled" : "not-converged");
    add_order_parameter(problem, {summary.mean, summary.mcse, summary.sd}, group, record, distance);
    record[group + "/rhat"] = summary.rhat;
    record[group + "/ess"] = summary.ess;
    record[group + "/tail_ess"] = summary.tail_ess;
    record[group + "/ebfmi"] = summary.ebfmi;
    record[group + "/step_size"] = summary.step_size;
    record[group + "/chains"] = static_cast<std::int64_t>(chains);
    record[group + "/draws"] = static_cast<std::int64_t>(summary.draws);
    record[group + "/divergences"] = static_cast<std::int64_t>(summary.divergences);
    record[group + "/depth_hits"] = static_cast<std::int64_t>(summary.depth_hits);
    record[group + "/gradient_evaluations"] = summary.gradient_evaluations;
    record[group + "/seconds"] = summary.seconds;
}

/// Thinned draws of U_1 and of the log density, [chains, draws, ...], as ArviZ wants them.
void add_draws(const SamplerSettings& settings, ChainEnsemble& ensemble, Index tracked,
               const std::string& group, Record& record) {
    const int thin = settings.thin;
    const auto chains = static_cast<std::uint64_t>(ensemble.size());
    const auto draws = static_cast<std::uint64_t>(ensemble.goal() / thin);
    ValueArray U{{chains, draws}, {}};
    ValueArray log_density{{chains, draws}, {}};
    Vector triangle(tracked);
    for (int c = 0; c < ensemble.size(); ++c) {
        const Chain& chain = ensemble.chain(c);
        for (int draw = thin - 1; draw < ensemble.goal(); draw += thin) {
            for (Index i = 0; i < tracked; ++i) triangle(i) = chain.tracked(draw, i);
            append(U, from_lower_triangle(triangle));
            log_density.values.push_back(chain.log_density(draw));
        }
    }
    record[group + "/draws_order_parameter"] = std::move(U);
    record[group + "/draws_log_density"] = std::move(log_density);
    record[group + "/draws_thin"] = static_cast<std::int64_t>(thin);
}

}  // namespace

void sample(const std::string& name, const std::string& group, const SamplingMethod& method,
            const SamplingProblem& problem, Context& context, Record& record) {
    PointSampler<ChainEnsemble> sampler = sampler_of(name, method, context);
    ChainEnsemble& ensemble = sampler.ensemble();
    SampleSummary summary;
    sampler.run([&](ChainEnsemble& chains) {
        summary = chains.summarise();
        return chains.is_last(summary);
    });
    SaddleDistance distance;
    add_summary(problem, summary, ensemble.size(), group, record, distance);
    add_averages(method.settings().predictions, problem, method.predictions(ensemble, context.hooks.poll),
                 group, record, distance);
    if (summary.converged) method.add_more(ensemble, context.hooks.poll, record);
    if (method.settings().draws != StoredDraws::none) {
        add_draws(method.settings(), ensemble, method.target().tracked, group, record);
        method.add_draws(ensemble, group, context.hooks.poll, record);
    }
}

void advance_chains(const std::string& name, const SamplingMethod& method, std::span<const int> chains,
                    Context& context) {
    sampler_of(name, method, context).advance_some(chains);
}

}  // namespace attnpaths
