#include "analyses/samples/sampler_analysis.hpp"

#include "analyses/samples/sampling_columns.hpp"
#include "base/error.hpp"

namespace attnpaths {

namespace {

/// Calls function(problem) with what a sampler works on.
template <class Function>
void with_problem(const Problem& problem, const Record& needed, const Context& context,
                  const Function& function) {
    const SaddlePoint theory = saddle_point_of(problem, needed);
    function(SamplingProblem{problem, theory, context.inputs.memory_budget, context.stream_seed});
}

}  // namespace

Sampler chain_sampler(const std::string& name, const std::string& posterior, const std::string& title,
                      const MakeSamplingMethod& method) {
    Sampler sampler{name, posterior, title, {name}, {}, {}};
    sampler.sample = [group = sampler.group(), name, method](const SamplingProblem& problem, Context& context,
                                                             Record& own) {
        sample(name, group, *method(context.inputs.settings, problem), problem, context, own);
    };
    sampler.advance_chains = [method](const SamplingProblem& problem, const std::string& of,
                                      std::span<const int> chains, Context& context) {
        advance_chains(of, *method(context.inputs.settings, problem), chains, context);
    };
    return sampler;
}

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
        {"saddle by " + sampler.title, group + "/saddle_verdict"},
    };
    analysis.chains = sampler.chains;
    analysis.chain_seconds = group + "/seconds";
    analysis.run = [sampler](const Problem& problem, const Record& needed, Record& own, Context& context) {
        try {
            with_problem(problem, needed, context,
                         [&](const SamplingProblem& sampling) { sampler.sample(sampling, context, own); });
        } catch (const NotApplicable&) {
            throw;
        } catch (const Error& error) {
            own[sampler.group() + "/verdict"] = std::string("failed");
            own[sampler.group() + "/message"] = std::string(error.what());
        }
    };
    analysis.advance_chains = [sampler](const Problem& problem, const Record& needed, const std::string& name,
                                        std::span<const int> chains, Context& context) {
        with_problem(problem, needed, context, [&](const SamplingProblem& sampling) {
            sampler.advance_chains(sampling, name, chains, context);
        });
    };
}

double least_transitions(const SamplerSettings& settings) {
    return static_cast<double>(settings.options.chains) * (settings.warmup + settings.options.draws);
}

}  // namespace attnpaths
