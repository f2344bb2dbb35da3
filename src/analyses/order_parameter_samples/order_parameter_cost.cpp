#include "analyses/order_parameter_samples/order_parameter_cost.hpp"

#include "analyses/cost.hpp"
#include "analyses/order_parameter_samples/average_predictions.hpp"
#include "analyses/saddle_point/saddle_point.hpp"
#include "analyses/samples/sampler_analysis.hpp"

#include <algorithm>

namespace attnpaths {

namespace {

// Typical: of the mode in normal scores, and per transition of a chain.
constexpr double newton_steps = 5;
constexpr double gradients_per_transition = 8;

double seconds_of_predictions(const ProblemSize& size, int draws) {
    const Architecture& architecture = size.architecture;
    return draws *
           prediction_operations(size.data_examples, size.system(), architecture.paths(),
                                 architecture.outputs, static_cast<double>(size.input_width)) /
           flops_per_second;
}

/// Of one energy of many.
double energy_seconds(const ProblemSize& size) {
    const double system = size.system();
    const auto paths = static_cast<double>(size.architecture.paths());
    const double kernel = size.storage == KernelStorage::kernels
                              ? paths * (paths + 1) / 2
                              : 2 * static_cast<double>(size.input_width) * paths;
    return system * system * (kernel + system / 3) / flops_per_second;
}

}  // namespace

NominalCost independent_cost(const ProblemSize& size, const OrderParameterSettings& settings) {
    return {newton_steps * hessian_seconds(size) + seconds_of_predictions(size, settings.predictor_draws),
            IndependentEnsemble::first_draws() * energy_seconds(size)};
}

NominalCost order_parameter_cost(const ProblemSize& size, const OrderParameterSettings& settings) {
    const bool has_scores = is_in_regime(size.architecture);
    if (settings.method == OrderParameterSampler::nuts ||
        (settings.method == OrderParameterSampler::automatic && !has_scores))
        return {seconds_of_predictions(size, settings.predictor_draws),
                least_transitions(settings.chains) * gradients_per_transition * evaluation_seconds(size)};
    const NominalCost cost = independent_cost(size, settings);
    const bool is_left_out = settings.method == OrderParameterSampler::independent &&
                             (!has_scores || cost.theory + cost.sampling > settings.limit);
    return is_left_out ? NominalCost() : cost;
}

double order_parameter_bytes(const ProblemSize& size) {
    return std::max(hessian_bytes(size),
                    prediction_bytes(size.data_examples, size.system(), size.architecture.paths(),
                                     size.architecture.outputs));
}

}  // namespace attnpaths
