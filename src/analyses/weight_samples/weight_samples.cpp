#include "analyses/weight_samples/weight_samples.hpp"

#include "analyses/cost.hpp"
#include "analyses/samples/sampler_analysis.hpp"
#include "analyses/weight_samples/weights_method.hpp"

namespace attnpaths {

namespace {

constexpr const char* prefix = "sampling.weights_";
// Typical, per transition of a chain.
constexpr double gradients_per_transition = 500;

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
    const double transitions = least_transitions(read_sampler_settings(settings, prefix));
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
    make_sampler(analysis, chain_sampler("weights", "the posterior over all weights", "NUTS",
                                         [](const Settings& settings, const SamplingProblem& problem) {
                                             return std::make_unique<WeightsMethod>(
                                                 read_sampler_settings(settings, prefix), problem);
                                         }));
    analysis.settings = sampler_settings(prefix, " (weight-samples)", "500");
    analysis.check_settings = [](const Settings& settings) {
        static_cast<void>(read_sampler_settings(settings, prefix));
    };
    analysis.cost = cost;
    return analysis;
}

}  // namespace attnpaths
