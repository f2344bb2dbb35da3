#include "analyses/samples/sample_record.hpp"

#include "analyses/predictor_quality.hpp"
#include "analyses/record_values.hpp"
#include "sampling/lower_triangle.hpp"

#include <algorithm>
#include <cmath>

namespace attnpaths {

namespace {

/// |difference| in errors; 0 of nothing by nothing, as an accuracy that is the same in all parts has no
/// error.
double in_errors(double difference, double error) {
    return difference == 0 ? 0 : std::abs(difference) / error;
}

}  // namespace

std::string saddle_verdict(const SaddleDistance& distance) {
    constexpr double small_shift = 0.1;
    constexpr double large_shift = 0.5;
    constexpr double errors = 3;
    if (!(distance.shift_over_sd <= large_shift)) return "off";
    const bool is_good =
        distance.shift_over_sd <= small_shift && distance.accuracy_z <= errors && distance.bias_z <= errors;
    return is_good ? "good" : "shifted";
}

void add_order_parameter(const SamplingProblem& problem, const SampledOrderParameter& sampled,
                         const std::string& group, Record& record, SaddleDistance& distance) {
    const Matrix mean = from_lower_triangle(sampled.mean);
    const Matrix error = from_lower_triangle(sampled.error);
    record[group + "/order_parameter"] = array_of(mean);
    record[group + "/order_parameter_mcse"] = array_of(error);
    const Matrix sd = from_lower_triangle(sampled.sd);
    record[group + "/order_parameter_sd"] = array_of(sd);
    const Matrix shift = problem.theory.order_parameters.U.front() - mean;
    record[group + "/order_parameter_z"] = array_of(Matrix(shift.cwiseQuotient(error)));
    distance.shift_over_sd = shift.cwiseAbs().cwiseQuotient(sd).maxCoeff();
    record[group + "/shift_over_sd"] = distance.shift_over_sd;
}

void add_averages(bool predictions, const SamplingProblem& problem,
                  const std::vector<AveragedPrediction>& averages, const std::string& group, Record& record,
                  SaddleDistance& distance) {
    const Predictor theory = problem.problem.predictor(problem.theory.order_parameters.U.front());
    const bool classes = problem.problem.training().has_classes();
    for (std::size_t set = 0; set < averages.size(); ++set) {
        const ExampleSet& examples = problem.problem.dataset().tests[set];
        const Prediction& prediction = averages[set].prediction();
        const Matrix error = averages[set].mean_error();
        const std::string suffix = suffix_of(examples);
        const PredictionQuality sampled = prediction_quality(prediction, examples.y, classes);
        const Matrix theory_mean = theory.mean(problem.problem.test_features()[set]);
        const PredictionQuality of_theory =
            prediction_quality({theory_mean, prediction.variance}, examples.y, classes);
        add_quality(record, group, suffix, sampled);
        if (classes) {
            const double accuracy_error = averages[set].accuracy_error(examples.y);
            const double z = in_errors(of_theory.accuracy - sampled.accuracy, accuracy_error);
            record[group + "/accuracy_mcse" + suffix] = accuracy_error;
            record[group + "/accuracy_z" + suffix] = z;
            distance.accuracy_z = std::max(distance.accuracy_z, z);
        }
        const double bias_error = averages[set].bias_error(examples.y);
        const double bias_z = in_errors(of_theory.bias - sampled.bias, bias_error);
        record[group + "/bias_mcse" + suffix] = bias_error;
        record[group + "/bias_z" + suffix] = bias_z;
        distance.bias_z = std::max(distance.bias_z, bias_z);
        const Matrix difference = theory_mean - prediction.mean;
        record[group + "/predictor_z" + suffix] =
            std::sqrt(difference.cwiseQuotient(error).cwiseAbs2().mean());
        if (predictions) {
            record[group + "/predictor_mean" + suffix] = array_of(prediction.mean);
            record[group + "/predictor_mean_mcse" + suffix] = array_of(error);
            record[group + "/predictor_variance" + suffix] = array_of(prediction.variance);
        }
    }
    record[group + "/saddle_verdict"] = saddle_verdict(distance);
}

}  // namespace attnpaths
