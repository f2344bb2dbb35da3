#include "analyses/order_parameter_samples/order_parameter_samples.hpp"

#include "analyses/cost.hpp"
#include "analyses/order_parameter_samples/order_parameter_method.hpp"
#include "analyses/samples/sampling_columns.hpp"
#include "base/error.hpp"

namespace attnpaths {

namespace {

// In random streams and in the names of columns.
constexpr const char* method_name = "order-parameter";
constexpr const char* group = "sampling/order-parameter";
constexpr const char* prefix = "sampling.";
// Typical, per transition of a chain.
constexpr double gradients_per_transition = 8;

int predictor_draws(const Settings& settings) {
    constexpr long long most = 100000000;
    return static_cast<int>(settings.integer("sampling.predictor_draws", 1, most));
}

/// Calls function(method, problem) with the sampler of a problem.
template <class Function>
void with_method(const Problem& problem, const Record& needed, const Context& context,
                 const Function& function) {
    const SaddlePoint theory = saddle_point_of(problem, needed);
    const SamplingProblem sampling{problem, theory, context.inputs.memory_budget, context.stream_seed};
    const Settings& settings = context.inputs.settings;
    function(
        OrderParameterMethod(read_sampler_settings(settings, prefix), predictor_draws(settings), sampling),
        sampling);
}

void run(const Problem& problem, const Record& needed, Record& own, Context& context) {
    try {
        with_method(problem, needed, context,
                    [&](const SamplingMethod& method, const SamplingProblem& sampling) {
                        sample(method_name, group, method, sampling, context, own);
                    });
    } catch (const Error& error) {
        own[std::string(group) + "/verdict"] = std::string("failed");
        own[std::string(group) + "/message"] = std::string(error.what());
    }
}

void advance(const Problem& problem, const Record& needed, int chain, Context& context) {
    with_method(problem, needed, context, [&](const SamplingMethod& method, const SamplingProblem&) {
        advance_chain(method_name, method, chain, context);
    });
}

NominalCost cost(const ProblemSize& size, const Settings& settings) {
    const SamplerSettings sampler = read_sampler_settings(settings, prefix);
    const double transitions =
        static_cast<double>(sampler.options.chains) * (sampler.warmup + sampler.options.draws);
    return {0, transitions * gradients_per_transition * evaluation_seconds(size)};
}

}  // namespace

Analysis order_parameter_samples_analysis() {
    Analysis analysis;
    analysis.name = "order-parameter-samples";
    analysis.summary =
        "draws of the exact posterior over the order parameters, at any width; its cost does not depend on "
        "the widths";
    analysis.source = "theory/README.md; Hoffman and Gelman 2014 (no-U-turn sampler)";
    analysis.by_default = false;
    analysis.needs = {"saddle-point"};
    analysis.settings = sampler_settings(prefix, "", "300");
    analysis.settings.push_back({"sampling.predictor_draws", "200",
                                 "draws of order parameters over which the predictor is averaged"});
    analysis.outputs = sampler_outputs();
    analysis.columns = sampling_columns(group, "the exact finite-width posterior over the order parameters");
    analysis.table = {
        {"sampled accuracy", "sampling/order-parameter/accuracy"},
        {"sampled R-hat", "sampling/order-parameter/rhat"},
        {"sampled ESS", "sampling/order-parameter/ess"},
        {"sampled verdict", "sampling/order-parameter/verdict"},
    };
    analysis.sampler_name = method_name;
    analysis.chain_seconds = "sampling/order-parameter/seconds";
    analysis.check_settings = [](const Settings& settings) {
        static_cast<void>(read_sampler_settings(settings, prefix));
        static_cast<void>(predictor_draws(settings));
    };
    analysis.cost = cost;
    analysis.run = run;
    analysis.advance_chain = advance;
    return analysis;
}

}  // namespace attnpaths
