#include "analyses/weight_samples/weight_samples.hpp"

#include "analyses/cost.hpp"
#include "analyses/samples/sampling_columns.hpp"
#include "analyses/weight_samples/weights_method.hpp"
#include "base/error.hpp"

namespace attnpaths {

namespace {

// In random streams and in the names of columns.
constexpr const char* method_name = "weights";
constexpr const char* group = "sampling/weights";
constexpr const char* prefix = "sampling.weights_";
// Typical, per transition of a chain.
constexpr double gradients_per_transition = 500;

/// Calls function(method, problem) with the sampler of a problem.
template <class Function>
void with_method(const Problem& problem, const Record& needed, const Context& context,
                 const Function& function) {
    const SaddlePoint theory = saddle_point_of(problem, needed);
    const SamplingProblem sampling{problem, theory, context.inputs.memory_budget, context.stream_seed};
    const Settings& settings = context.inputs.settings;
    function(WeightsMethod(read_sampler_settings(settings, prefix), sampling), sampling);
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

double number_of_weights(const Architecture& architecture, double input_width) {
    const std::vector<double>& widths = architecture.widths;
    double weights = widths.front() * input_width;
    for (std::size_t layer = 0; layer < widths.size(); ++layer) {
        const double above = layer + 1 < widths.size() ? widths[layer + 1] : architecture.readout_width;
        weights += static_cast<double>(architecture.heads[layer]) * above * widths[layer];
    }
    return weights + architecture.readout_width * static_cast<double>(architecture.outputs);
}

NominalCost cost(const ProblemSize& size, const Settings& settings) {
    const SamplerSettings sampler = read_sampler_settings(settings, prefix);
    const double transitions =
        static_cast<double>(sampler.options.chains) * (sampler.warmup + sampler.options.draws);
    // Weights are read twice and written once per gradient.
    const double bytes =
        3 * sizeof(double) * number_of_weights(size.architecture, static_cast<double>(size.input_width));
    return {0, transitions * gradients_per_transition * bytes / bytes_per_second};
}

}  // namespace

Analysis weight_samples_analysis() {
    Analysis analysis;
    analysis.name = "weight-samples";
    analysis.summary =
        "draws of the posterior over all weights of the network, as experiments do to check the theory; its "
        "cost grows with the widths";
    analysis.source =
        "Tiberi et al. 2024, numerical experiments; Hoffman and Gelman 2014 (no-U-turn sampler)";
    analysis.by_default = false;
    analysis.needs = {"saddle-point"};
    analysis.settings = sampler_settings(prefix, " (weight-samples)", "500");
    analysis.outputs = sampler_outputs();
    analysis.columns = sampling_columns(group, "the posterior over all weights");
    analysis.table = {
        {"NUTS accuracy", "sampling/weights/accuracy"},
        {"NUTS R-hat", "sampling/weights/rhat"},
        {"NUTS ESS", "sampling/weights/ess"},
        {"NUTS verdict", "sampling/weights/verdict"},
    };
    analysis.sampler_name = method_name;
    analysis.chain_seconds = "sampling/weights/seconds";
    analysis.check_settings = [](const Settings& settings) {
        static_cast<void>(read_sampler_settings(settings, prefix));
    };
    analysis.cost = cost;
    analysis.run = run;
    analysis.advance_chain = advance;
    return analysis;
}

}  // namespace attnpaths
