#include "analyses/gaussian_process/gaussian_process.hpp"

#include "analyses/cost.hpp"
#include "analyses/predictor_quality.hpp"
#include "analyses/spectrum.hpp"
#include "theory/order_parameters.hpp"

namespace attnpaths {

namespace {

void run(const Problem& problem, const Record& /*needed*/, Record& own, Context& context) {
    const Settings& settings = context.inputs.settings;
    const Matrix U = gaussian_process_order_parameters(problem.architecture()).U.front();
    const std::vector<Prediction> predictions =
        add_predictor(own, "gp", problem.predictor(U), problem, problem.test_features());
    if (settings.boolean(predictions_setting().name))
        add_predictions(own, problem, predictions, "predictor/gp_mean", "predictor/gp_variance");
    context.hooks.poll();
    add_spectrum(own, "gp", problem, U, settings);
}

}  // namespace

Analysis gaussian_process_analysis() {
    Analysis analysis;
    analysis.name = "gaussian-process";
    analysis.summary = "the limit of infinite width: its predictor, and the spectrum of its kernel";
    analysis.source = "Tiberi et al. 2024, the Gaussian-process limit N -> infinity of the order parameters";
    analysis.scope = Scope::kernels;
    analysis.outputs = {{predictions_setting(), keeps_at_least}, {spectrum_setting(), keeps_at_least}};
    analysis.columns = quality_columns("gp", "the Gaussian process (infinite width)");
    for (const std::vector<Column>& more :
         {spectrum_columns("gp", "of the Gaussian process"),
          prediction_columns("predictor/gp_mean", "predictor/gp_variance", "of the Gaussian process")})
        analysis.columns.insert(analysis.columns.end(), more.begin(), more.end());
    analysis.table = {{"GP accuracy", "gp/accuracy"}, {"GP mse", "gp/mse"}};
    analysis.check_settings = [](const Settings& settings) {
        static_cast<void>(settings.boolean(predictions_setting().name));
        static_cast<void>(stored_eigenvalues(settings));
    };
    analysis.cost = [](const ProblemSize& size, const Settings& settings) -> NominalCost {
        return {evaluation_seconds(size) + spectrum_seconds(size, settings), 0};
    };
    analysis.run = run;
    return analysis;
}

}  // namespace attnpaths
