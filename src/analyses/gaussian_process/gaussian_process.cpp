#include "analyses/gaussian_process/gaussian_process.hpp"

#include "analyses/cost.hpp"
#include "analyses/predictor_quality.hpp"
#include "analyses/spectrum.hpp"
#include "theory/kernel_alignment.hpp"
#include "theory/lapack.hpp"
#include "theory/order_parameters.hpp"

namespace attnpaths {

namespace {

void run(const Problem& problem, const Record& /*needed*/, Record& own, Context& context) {
    const Settings& settings = context.inputs.settings;
    TrainingKernels& training = problem.training();
    const double variance = gaussian_process_variance(problem.architecture());
    const Predictions predictions = training.predict_gaussian_process(problem.temperature(), variance);
    add_qualities(own, "gp", predictions, problem);
    if (settings.boolean(predictions_setting().name))
        add_predictions(own, problem, predictions.tests, "predictor/gp_mean", "predictor/gp_variance");
    const Index count = stored_eigenvalues(settings);
    if (count == 0) return;
    add_spectrum(own, "gp",
                 kernel_alignment(training.gaussian_process(), variance, count, training.examples(),
                                  training.training_set().power()));
}

}  // namespace

Analysis gaussian_process_analysis() {
    Analysis analysis;
    analysis.name = "gaussian-process";
    analysis.summary = "the limit of infinite width: its predictor, and the spectrum of its kernel";
    analysis.source = "Tiberi et al. 2024, the Gaussian-process limit N -> infinity of the order parameters";
    analysis.scope = Scope::kernels;
    analysis.revision = 3;  // power of equal eigenvalues shared among them
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
    analysis.cost = [](const ProblemSize& size, const Settings&) -> NominalCost {
        return {gaussian_process_seconds(size, static_cast<double>(size.architecture.paths())), 0};
    };
    analysis.bytes = [](const ProblemSize& size) {
        return lapack::eigenpair_bytes(static_cast<double>(size.rows));
    };
    analysis.kept_bytes = [](const ProblemSize& size, const AnalysisInputs&) {
        return gaussian_process_bytes(size, static_cast<double>(size.architecture.paths()));
    };
    analysis.run = run;
    return analysis;
}

}  // namespace attnpaths
