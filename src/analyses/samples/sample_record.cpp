#include "analyses/samples/sample_record.hpp"

#include "analyses/predictor_quality.hpp"
#include "analyses/record_values.hpp"
#include "sampling/lower_triangle.hpp"

#include <cmath>
#include <limits>

namespace attnpaths {

namespace {

/// |difference| in errors; 0 of no difference, NaN of a difference without an error, as of an accuracy that
/// is the same in all parts of the draws.
double in_errors(double difference, double error) {
    if (difference == 0) return 0;
    return error > 0 ? std::abs(difference) / error : std::numeric_limits<double>::quiet_NaN();
}

/// Whether a difference is within three errors, or a hundredth of a value.
bool is_small(double difference, double error, double value) {
    constexpr double errors = 3;
    constexpr double share = 0.01;
    return in_errors(difference, error) <= errors || std::abs(difference) <= share * value;
}

}  // namespace

std::string saddle_verdict(const SaddleDistance& distance) {
    constexpr double small_shift = 0.1;
    constexpr double large_shift = 0.5;
    if (!(distance.shift_over_sd <= large_shift)) return "off";
    return distance.shift_over_sd <= small_shift && distance.predicts_alike ? "good" : "shifted";
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
            const double difference = of_theory.accuracy - sampled.accuracy;
            record[group + "/accuracy_mcse" + suffix] = accuracy_error;
            record[group + "/accuracy_z" + suffix] = in_errors(difference, accuracy_error);
            distance.predicts_alike &= is_small(difference, accuracy_error, 1);
        }
        const double bias_error = averages[set].bias_error(examples.y);
        const double bias_difference = of_theory.bias - sampled.bias;
        record[group + "/bias_mcse" + suffix] = bias_error;
        record[group + "/bias_z" + suffix] = in_errors(bias_difference, bias_error);
        distance.predicts_alike &= is_small(bias_difference, bias_error, sampled.bias);
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
