#include "analyses/next_order/next_order.hpp"

#include "analyses/cost.hpp"
#include "analyses/predictor_quality.hpp"
#include "analyses/record_values.hpp"
#include "analyses/saddle_point/saddle_point.hpp"
#include "theory/head_scores.hpp"
#include "theory/next_order.hpp"

#include <algorithm>

namespace attnpaths {

namespace {

using enum ColumnType;

const SettingKey& covariance_setting() {
    static const SettingKey setting = {"next_order.covariance", "false",
                                       "store the covariance of the elements of U_1", SettingKind::boolean};
    return setting;
}

/// What is to be thought of the expansion, the worst first.
std::string verdict_of(const NextOrder& next, bool is_certified) {
    constexpr double largest_shift = 0.5;  // in standard deviations
    if (!(next.smallest_eigenvalue() > 0)) return "not-positive";
    if (!(next.shift_over_sd() <= largest_shift)) return "large-shift";
    return is_certified ? "trusted" : "saddle-point-reached";
}

void run(const Problem& problem, const Record& needed, Record& own, Context& context) {
    const Architecture& architecture = problem.architecture();
    if (!is_in_regime(architecture)) {
        own["next_order/verdict"] = std::string("no-expansion");
        return;
    }
    DataTerm data_term = problem.data_term();
    const NextOrder next(problem, data_term, saddle_point_of(problem, needed), context.hooks.poll);
    own["next_order/verdict"] = verdict_of(next, is_certified(needed));
    own["next_order/order_parameter"] = array_of(next.order_parameter());
    own["next_order/order_parameter_sd"] = array_of(next.standard_deviation());
    if (context.inputs.settings.boolean(covariance_setting().name))
        own["next_order/order_parameter_covariance"] = array_of(next.covariance());
    own["next_order/shift_over_sd"] = next.shift_over_sd();
    own["next_order/smallest_eigenvalue"] = next.smallest_eigenvalue();
    own["next_order/log_det_hessian"] = next.log_det_hessian();
    own["next_order/head_scores"] =
        array_of(head_scores(next.order_parameter(), architecture.heads, architecture.outputs));
    own["next_order/path_scores"] =
        array_of(path_scores(next.order_parameter(), architecture.heads, architecture.outputs));
    const std::vector<ExampleSet>& tests = problem.dataset().tests;
    for (std::size_t i = 0; i < tests.size(); ++i) {
        context.hooks.poll();
        const Prediction prediction = problem.training().predict_test(
            i, [&](const Matrix& features) { return next.predict(features); });
        add_quality(own, "next_order", suffix_of(tests[i]),
                    prediction_quality(prediction, tests[i].y, problem.training().has_classes()));
    }
}

NominalCost cost(const ProblemSize& size, const Settings& /*settings*/) {
    const double rows = size.order_parameter_rows();
    const double features = size.feature_columns();
    const double points = size.data_examples * static_cast<double>(size.architecture.outputs);
    return {
        hessian_seconds(size) + (NextOrder::operations(size.system(), rows, features) +
                                 points * NextOrder::operations_per_point(size.system(), rows, features)) /
                                    flops_per_second,
        0};
}

double bytes(const ProblemSize& size) {
    const double rows = size.order_parameter_rows();
    const double features = size.feature_columns();
    const double whitened = sizeof(double) * size.system() * (size.system() + features);
    return std::max(whitened + hessian_bytes(size), NextOrder::bytes(size.system(), rows, features));
}

}  // namespace

Analysis next_order_analysis() {
    Analysis analysis;
    analysis.name = "next-order";
    analysis.summary =
        "the theory one order of 1/N beyond the saddle point: mean and standard deviation of the order "
        "parameter under the posterior, and the predictor averaged over it";
    analysis.source = "theory/README.md section 11: expansion of the posterior of U at its saddle point";
    analysis.needs = {"saddle-point"};
    analysis.expands_at_saddle_point = true;
    analysis.revision = 2;  // third derivatives through matrices over examples
    analysis.outputs = {{covariance_setting(), keeps_at_least}};
    analysis.columns = {
        {"next_order/verdict", text, "", "",
         "trusted; large-shift: next_order/shift_over_sd is beyond 1/2; not-positive: U_1 + dU has a "
         "negative "
         "eigenvalue; saddle-point-reached: as exact as a saddle point that is not certified "
         "(theory/certificate); no-expansion: a width is below its number of paths, the other columns are "
         "empty"},
        {"next_order/order_parameter", array, "[nD, nD]", "",
         "mean of the order parameter U_1 to next order, U + dU"},
        {"next_order/order_parameter_sd", array, "[nD, nD]", "",
         "standard deviation of each element of U_1 under the posterior"},
        {"next_order/order_parameter_covariance", array, "[m, m]", "",
         "covariance of the elements of U_1's lower triangle, column by column; m = nD (nD + 1) / 2"},
        {"next_order/shift_over_sd", real, "", "", "max |dU_ij| / sd(U_ij), the size of the next order"},
        {"next_order/smallest_eigenvalue", real, "", "",
         "smallest eigenvalue of U_1 + dU: negative where the expansion has left the possible order "
         "parameters"},
        {"next_order/log_det_hessian", real, "", "",
         "log det of the Hessian of -log posterior at the saddle point, in whitened unknowns"},
        {"next_order/head_scores", array, "[sum H_l]", "", "as theory/head_scores, of U_1 + dU"},
        {"next_order/path_scores", array, "[n]", "", "as theory/path_scores, of U_1 + dU"},
    };
    for (Column& column : quality_columns("next_order", "the predictor averaged over the posterior"))
        if (column.name.find("/train_") == std::string::npos) analysis.columns.push_back(std::move(column));
    analysis.table = {{"next-order accuracy", "next_order/accuracy"}, {"next order", "next_order/verdict"}};
    analysis.cost = cost;
    analysis.bytes = bytes;
    analysis.run = run;
    return analysis;
}

}  // namespace attnpaths
