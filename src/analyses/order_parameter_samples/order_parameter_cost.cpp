#include "analyses/order_parameter_samples/order_parameter_cost.hpp"

#include "analyses/cost.hpp"
#include "analyses/order_parameter_samples/average_predictions.hpp"
#include "analyses/saddle_point/saddle_point.hpp"
#include "analyses/samples/sampler_analysis.hpp"
#include "network/kernel_tiles.hpp"
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

// What may be spent on precision that nobody asked for.
constexpr double share_of_limit = 0.1;

/// Means of predictors over so many draws, and their variances over others.
double prediction_seconds(const ProblemSize& size, double draws, double variance_draws) {
    return prediction_operations(prediction_size(size), draws, variance_draws) / flops_per_second;
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

/// Of sums of predictors' means and their squares with controls.
double sum_bytes(const ProblemSize& size) {
    const Index controls = ControlVariates::count(WhitenedCoordinates(size.architecture).size());
    return ControlledMean::bytes(
        2 * static_cast<Index>(size.data_examples) * static_cast<Index>(size.architecture.outputs), controls);
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
    const Index controls = ControlVariates::count(WhitenedCoordinates(size.architecture).size());
    return effective_draws / 2 >= static_cast<double>(ControlledMean::fewest_pairs(controls)) &&
           control_seconds(size) <= share_of_limit * settings.limit;
}

bool has_room_for_all(const ProblemSize& size) {
    constexpr double most = 1 << 28U;
    return sum_bytes(size) <= most;
}

PredictorDraws predictor_draws(const ProblemSize& size, const OrderParameterSettings& settings) {
    constexpr int part = 5;
    const int means = settings.predictor_draws;
    const bool are_cheap = prediction_seconds(size, 0, means) <= share_of_limit * settings.limit;
    return {means, are_cheap ? means : means / part};
}

NominalCost independent_cost(const ProblemSize& size, const OrderParameterSettings& settings) {
    const double draws = IndependentEnsemble::first_draws();
    const PredictorDraws predictors = predictor_draws(size, settings);
    double seconds = newton_steps * hessian_seconds(size) +
                     prediction_seconds(size, predictors.means, predictors.variances);
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
                             (!has_scores || cost.seconds() > settings.limit);
    return is_left_out ? NominalCost() : cost;
}

double order_parameter_bytes(const ProblemSize& size) {
    // Of chains that are evaluated together.
    const double kernels = sizeof(double) * kernel_tiles::most_lanes * size.system() * size.system();
    return std::max({hessian_bytes(size), prediction_bytes(prediction_size(size)), kernels}) +
           (has_room_for_all(size) ? sum_bytes(size) : 0) + size.streamed_test_bytes();
}

}  // namespace attnpaths
