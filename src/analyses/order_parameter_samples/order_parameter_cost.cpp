#include "analyses/order_parameter_samples/order_parameter_cost.hpp"

#include "analyses/cost.hpp"
#include "analyses/order_parameter_samples/average_predictions.hpp"
#include "analyses/order_parameter_samples/independent_means.hpp"
#include "analyses/saddle_point/saddle_point.hpp"
#include "analyses/samples/sampler_analysis.hpp"
#include "sampling/control_variates.hpp"
#include "sampling/controlled_mean.hpp"

#include <algorithm>

namespace attnpaths {

namespace {

// Typical: of the mode in normal scores, and per transition of a chain.
constexpr double newton_steps = 5;
constexpr double gradients_per_transition = 8;

PredictionSize prediction_size(const ProblemSize& size) {
    const Architecture& architecture = size.architecture;
    return {size.data_examples, size.system(), architecture.paths(), architecture.outputs,
            static_cast<double>(size.input_width)};
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

/// Of the third derivatives that control variates are made of.
double control_seconds(const ProblemSize& size) {
    return 2 * static_cast<double>(WhitenedCoordinates(size.architecture).size()) * hessian_seconds(size);
}

}  // namespace

ProblemSize size_of(const Problem& problem) {
    const PathKernels& kernels = problem.kernels();
    auto examples = static_cast<double>(problem.dataset().train.y.rows());
    for (const ExampleSet& set : problem.dataset().tests) examples += static_cast<double>(set.y.rows());
    return {problem.architecture(), problem.training().examples(),
            kernels.input_width(),  kernels.examples(),
            kernels.storage(),      examples};
}

bool are_controlled(const ProblemSize& size, const OrderParameterSettings& settings, double effective_draws) {
    constexpr double share_of_limit = 0.2;
    const Index controls = ControlVariates::count(WhitenedCoordinates(size.architecture).size());
    return effective_draws / 2 >= static_cast<double>(ControlledMean::fewest_pairs(controls)) &&
           control_seconds(size) <= share_of_limit * settings.limit;
}

namespace {

/// Means of predictors over so many draws, and their variances over fewer.
double prediction_seconds(const ProblemSize& size, double draws, double variance_draws) {
    return prediction_operations(prediction_size(size), draws, variance_draws) / flops_per_second;
}

}  // namespace

NominalCost independent_cost(const ProblemSize& size, const OrderParameterSettings& settings) {
    const double draws = IndependentEnsemble::first_draws();
    const double predictors = settings.predictor_draws;
    double seconds = newton_steps * hessian_seconds(size) +
                     prediction_seconds(size, predictors, most_variance_draws(settings.predictor_draws));
    if (are_controlled(size, settings, draws))
        seconds += control_seconds(size) + prediction_seconds(size, draws, 0);
    return {seconds, draws * energy_seconds(size)};
}

NominalCost order_parameter_cost(const ProblemSize& size, const OrderParameterSettings& settings) {
    const bool has_scores = is_in_regime(size.architecture);
    if (settings.method == OrderParameterSampler::nuts ||
        (settings.method == OrderParameterSampler::automatic && !has_scores))
        return {prediction_seconds(size, settings.predictor_draws, settings.predictor_draws),
                least_transitions(settings.chains) * gradients_per_transition * evaluation_seconds(size)};
    const NominalCost cost = independent_cost(size, settings);
    const bool is_left_out = settings.method == OrderParameterSampler::independent &&
                             (!has_scores || cost.theory + cost.sampling > settings.limit);
    return is_left_out ? NominalCost() : cost;
}

double order_parameter_bytes(const ProblemSize& size) {
    return std::max(hessian_bytes(size), prediction_bytes(prediction_size(size)));
}

}  // namespace attnpaths
