#include "analyses/samples/sampler_analysis.hpp"

#include "analyses/samples/sampling_columns.hpp"
#include "base/error.hpp"

namespace attnpaths {

namespace {

/// Calls function(method, problem) with the sampler's method for a problem.
template <class Function>
void with_method(const Sampler& sampler, const Problem& problem, const Record& needed, const Context& context,
                 const Function& function) {
    const SaddlePoint theory = saddle_point_of(problem, needed);
    const SamplingProblem sampling{problem, theory, context.inputs.memory_budget, context.stream_seed};
    function(*sampler.method(context.inputs.settings, sampling), sampling);
}

}  // namespace

void make_sampler(Analysis& analysis, const Sampler& sampler) {
    const std::string group = sampler.group();
    analysis.by_default = false;
    analysis.needs = {"saddle-point"};
    analysis.outputs = sampler_outputs();
    analysis.columns = sampling_columns(group, sampler.posterior);
    analysis.table = {
        {sampler.title + " accuracy", group + "/accuracy"},
        {sampler.title + " R-hat", group + "/rhat"},
        {sampler.title + " ESS", group + "/ess"},
        {sampler.title + " verdict", group + "/verdict"},
    };
    analysis.sampler_name = sampler.name;
    analysis.chain_seconds = group + "/seconds";
    analysis.run = [sampler](const Problem& problem, const Record& needed, Record& own, Context& context) {
        try {
            with_method(sampler, problem, needed, context,
                        [&](const SamplingMethod& method, const SamplingProblem& sampling) {
                            sample(sampler.name, sampler.group(), method, sampling, context, own);
                        });
        } catch (const Error& error) {
            own[sampler.group() + "/verdict"] = std::string("failed");
            own[sampler.group() + "/message"] = std::string(error.what());
        }
    };
    analysis.advance_chain = [sampler](const Problem& problem, const Record& needed, int chain,
                                       Context& context) {
        with_method(sampler, problem, needed, context,
                    [&](const SamplingMethod& method, const SamplingProblem&) {
                        advance_chain(sampler.name, method, chain, context);
                    });
    };
}

double least_transitions(const SamplerSettings& settings) {
    return static_cast<double>(settings.options.chains) * (settings.warmup + settings.options.draws);
}

}  // namespace attnpaths
