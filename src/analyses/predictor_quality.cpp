#include "analyses/predictor_quality.hpp"

#include "analyses/record_values.hpp"

#include <utility>

namespace attnpaths {

std::vector<Column> quality_columns(const std::string& group, const std::string& of) {
    std::vector<Column> columns;
    const auto add = [&](const char* name, const std::string& description) {
        columns.push_back({group + "/" + name, ColumnType::real, "", "", description + " of " + of});
    };
    add("accuracy",
        "fraction of test points with sign(mean) = y (arg max for D > 1; NaN if y are no classes)");
    add("determination",
        "coefficient of determination R^2 = 1 - bias / variance of y among test points (NaN if y are "
        "classes)");
    add("mse", "test mean squared error, bias + variance,");
    add("bias", "mean over test points of |y - predictor mean|^2");
    add("variance", "mean over test points of the predictor variance (summed over outputs)");
    add("train_accuracy", "as accuracy, on the training points,");
    add("train_mse", "as mse, on the training points,");
    return columns;
}

std::vector<Column> prediction_columns(const std::string& mean, const std::string& variance,
                                       const std::string& of) {
    return {
        {mean, ColumnType::array, "[P_test, D]", "", "predictor mean " + of},
        {variance, ColumnType::array, "[P_test, D]", "", "predictor variance " + of + " (of f, without T)"}};
}

const SettingKey& predictions_setting() {
    static const SettingKey setting = {"store.predictions", "true",
                                       "store predictor mean and variance of every test point",
                                       SettingKind::boolean};
    return setting;
}

void add_quality(Record& record, const std::string& group, const std::string& suffix,
                 const PredictionQuality& quality) {
    record[group + "/accuracy" + suffix] = quality.accuracy;
    record[group + "/determination" + suffix] = quality.determination;
    record[group + "/mse" + suffix] = quality.mse;
    record[group + "/bias" + suffix] = quality.bias;
    record[group + "/variance" + suffix] = quality.variance;
}

void add_qualities(Record& record, const std::string& group, const Predictions& predictions,
                   const Problem& problem) {
    const std::vector<ExampleSet>& tests = problem.dataset().tests;
    const bool classes = problem.training().has_classes();
    for (std::size_t i = 0; i < tests.size(); ++i)
        add_quality(record, group, suffix_of(tests[i]),
                    prediction_quality(predictions.tests[i], tests[i].y, classes));
    const PredictionQuality training =
        prediction_quality(predictions.training, problem.training().targets(), classes);
    record[group + "/train_accuracy"] = training.accuracy;
    record[group + "/train_mse"] = training.mse;
}

void add_predictions(Record& record, const Problem& problem, const std::vector<Prediction>& predictions,
                     const std::string& mean, const std::string& variance) {
    for (std::size_t i = 0; i < predictions.size(); ++i) {
        const std::string suffix = suffix_of(problem.dataset().tests[i]);
        record[mean + suffix] = array_of(predictions[i].mean);
        record[variance + suffix] = array_of(predictions[i].variance);
    }
}

}  // namespace attnpaths
