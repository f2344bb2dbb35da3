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
                                       "store predictor mean and variance of every test point"};
    return setting;
}

void add_quality(Record& record, const std::string& group, const std::string& suffix,
                 const PredictionQuality& quality) {
    record[group + "/accuracy" + suffix] = quality.accuracy;
    record[group + "/mse" + suffix] = quality.mse;
    record[group + "/bias" + suffix] = quality.bias;
    record[group + "/variance" + suffix] = quality.variance;
}

std::vector<Prediction> add_predictor(Record& record, const std::string& group, const Predictor& predictor,
                                      const Problem& problem, const std::vector<Matrix>& test_features,
                                      const std::vector<Index>& paths) {
    const std::vector<ExampleSet>& tests = problem.dataset().tests;
    const bool classes = problem.training().has_classes();
    std::vector<Prediction> predictions;
    for (std::size_t i = 0; i < tests.size(); ++i) {
        predictions.push_back(predictor.predict(test_features[i]));
        add_quality(record, group, suffix_of(tests[i]),
                    prediction_quality(predictions.back(), tests[i].y, classes));
    }
    const PredictionQuality training = prediction_quality(
        problem.training().predict_training(predictor, paths), problem.training().targets(), classes);
    record[group + "/train_accuracy"] = training.accuracy;
    record[group + "/train_mse"] = training.mse;
    return predictions;
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
