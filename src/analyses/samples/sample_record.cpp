#include "analyses/samples/sample_record.hpp"

#include "analyses/predictor_quality.hpp"
#include "analyses/record_values.hpp"
#include "sampling/lower_triangle.hpp"

#include <cmath>

namespace attnpaths {

void add_order_parameter(const SamplingProblem& problem, const SampledOrderParameter& sampled,
                         const std::string& group, Record& record) {
    const Matrix mean = from_lower_triangle(sampled.mean);
    const Matrix error = from_lower_triangle(sampled.error);
    record[group + "/order_parameter"] = array_of(mean);
    record[group + "/order_parameter_mcse"] = array_of(error);
    record[group + "/order_parameter_sd"] = array_of(from_lower_triangle(sampled.sd));
    const Matrix z = (problem.theory.order_parameters.U.front() - mean).cwiseQuotient(error);
    record[group + "/order_parameter_z"] = array_of(z);
}

void add_averages(bool predictions, const SamplingProblem& problem,
                  const std::vector<AveragedPrediction>& averages, const std::string& group, Record& record) {
    const Predictor theory = problem.problem.predictor(problem.theory.order_parameters.U.front());
    const bool classes = problem.problem.training().has_classes();
    for (std::size_t set = 0; set < averages.size(); ++set) {
        const ExampleSet& examples = problem.problem.dataset().tests[set];
        const Prediction& prediction = averages[set].prediction();
        const Matrix error = averages[set].mean_error();
        const std::string suffix = suffix_of(examples);
        add_quality(record, group, suffix, prediction_quality(prediction, examples.y, classes));
        if (classes) record[group + "/accuracy_mcse" + suffix] = averages[set].accuracy_error(examples.y);
        const Matrix difference = theory.predict(problem.problem.test_features()[set]).mean - prediction.mean;
        record[group + "/predictor_z" + suffix] =
            std::sqrt(difference.cwiseQuotient(error).cwiseAbs2().mean());
        if (predictions) {
            record[group + "/predictor_mean" + suffix] = array_of(prediction.mean);
            record[group + "/predictor_mean_mcse" + suffix] = array_of(error);
            record[group + "/predictor_variance" + suffix] = array_of(prediction.variance);
        }
    }
}

}  // namespace attnpaths
