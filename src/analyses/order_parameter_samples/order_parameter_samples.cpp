#include "analyses/order_parameter_samples/order_parameter_samples.hpp"

#include "analyses/cost.hpp"
#include "analyses/order_parameter_samples/order_parameter_method.hpp"
#include "analyses/samples/sampler_analysis.hpp"

namespace attnpaths {

namespace {

constexpr const char* prefix = "sampling.";
// Typical, per transition of a chain.
constexpr double gradients_per_transition = 8;

int predictor_draws(const Settings& settings) {
    constexpr long long most = 100000000;
    return static_cast<int>(settings.integer("sampling.predictor_draws", 1, most));
}

NominalCost cost(const ProblemSize& size, const Settings& settings) {
    const double transitions = least_transitions(read_sampler_settings(settings, prefix));
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
    make_sampler(analysis, {"order-parameter", "the exact finite-width posterior over the order parameters",
                            "sampled", [](const Settings& settings, const SamplingProblem& problem) {
                                return std::make_unique<OrderParameterMethod>(
                                    read_sampler_settings(settings, prefix), predictor_draws(settings),
                                    problem);
                            }});
    analysis.settings = sampler_settings(prefix, "", "300");
    analysis.settings.push_back({"sampling.predictor_draws", "200",
                                 "draws of order parameters over which the predictor is averaged"});
    analysis.check_settings = [](const Settings& settings) {
        static_cast<void>(read_sampler_settings(settings, prefix));
        static_cast<void>(predictor_draws(settings));
    };
    analysis.cost = cost;
    return analysis;
}

}  // namespace attnpaths
