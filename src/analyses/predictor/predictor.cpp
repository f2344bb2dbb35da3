#include "analyses/predictor/predictor.hpp"

#include "analyses/cost.hpp"
#include "analyses/predictor_quality.hpp"
#include "analyses/saddle_point/saddle_point.hpp"

namespace attnpaths {

namespace {

void run(const Problem& problem, const Record& needed, Record& own, Context& context) {
    const Matrix U = saddle_point_of(problem, needed).order_parameters.U.front();
    const Predictions predictions = problem.training().predict(problem.predictor(U));
    add_qualities(own, "theory", predictions, problem);
    if (context.inputs.settings.boolean(predictions_setting().name))
        add_predictions(own, problem, predictions.tests, "predictor/mean", "predictor/variance");
    context.hooks.poll();
    // What the off-diagonal elements are worth: the same predictor without them.
    add_qualities(own, "theory-diagonal",
                  problem.training().predict(problem.predictor(U.diagonal().asDiagonal())), problem);
}

}  // namespace

Analysis predictor_analysis() {
    Analysis analysis;
    analysis.name = "predictor";
    analysis.summary =
        "the predictor at the saddle point, and the same without the off-diagonal elements of U_1 "
        "(columns theory-diagonal/...)";
    analysis.source = "Tiberi et al. 2024, predictor statistics; theory/README.md section 6";
    analysis.needs = {"saddle-point"};
    analysis.outputs = {{predictions_setting(), keeps_at_least}};
    analysis.columns = quality_columns("theory", "the predictor at the saddle point");
    for (const Column& column :
         prediction_columns("predictor/mean", "predictor/variance", "at the saddle point"))
        analysis.columns.push_back(column);
    analysis.table = {{"theory accuracy", "theory/accuracy"}, {"theory mse", "theory/mse"}};
    analysis.check_settings = [](const Settings& settings) {
        static_cast<void>(settings.boolean(predictions_setting().name));
    };
    analysis.cost = [](const ProblemSize& size, const Settings&) -> NominalCost {
        return {2 * evaluation_seconds(size), 0};
    };
    analysis.run = run;
    return analysis;
}

}  // namespace attnpaths
