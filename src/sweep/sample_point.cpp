#include "sweep/sample_point.hpp"

#include "base/error.hpp"
#include "base/hash.hpp"
#include "sweep/record_values.hpp"
#include "theory/predictor.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace attnpaths {

namespace {

const std::string group = "sampling/order_parameter";

/// Mean and precision of the Laplace approximation that sets the sampler's scale. At full rank that is the
/// saddle point with its exact Hessian (the posterior's and the action's curvature agree up to constants);
/// below, the prior.
struct Scale {
    Vector centre;
    Matrix precision;
};

Scale scale_of(const OrderParameterPosterior& posterior, const SamplingProblem& problem, Energy& energy) {
    const Vector& unknowns = problem.theory.unknowns;
    if (posterior.coordinates().size() == unknowns.size()) {
        Action action(problem.point.architecture, energy);
        return {unknowns, action.hessian(unknowns) * (problem.point.architecture.largest_width() / 2)};
    }
    return {posterior.prior_mode(), posterior.prior_scale().cwiseAbs2().cwiseInverse().asDiagonal()};
}

/// Rao-Blackwellised predictor: over the draws of U, the mean of the means, and the mean of the variances
/// plus the variance of the means. The standard error of the mean takes the thinned draws as independent.
struct AveragedPrediction {
    Prediction prediction;
    Matrix mean_error;
};

std::vector<AveragedPrediction> average_predictions(const SamplingProblem& problem,
                                                    const OrderParameterSample& sample, int wanted,
                                                    const std::function<void()>& poll) {
    std::vector<const Matrix*> draws;
    for (const std::vector<Matrix>& chain : sample.U)
        for (const Matrix& U : chain) draws.push_back(&U);
    const auto count = std::min(static_cast<std::size_t>(wanted), draws.size());
    std::vector<AveragedPrediction> result(problem.test_features.size());
    std::vector<Matrix> squares(result.size());
    for (std::size_t i = 0; i < count; ++i) {
        poll();
        const Matrix& U = *draws[i * draws.size() / count];
        const Predictor predictor(problem.kernels, problem.y, problem.point.temperature, U);
        for (std::size_t set = 0; set < result.size(); ++set) {
            const Prediction one = predictor.predict(problem.test_features[set]);
            Prediction& sum = result[set].prediction;
            if (i == 0) {
                sum.mean = sum.variance = squares[set] = Matrix::Zero(one.mean.rows(), one.mean.cols());
            }
            sum.mean += one.mean;
            sum.variance += one.variance;
            squares[set] += one.mean.cwiseAbs2();
        }
    }
    const auto n = static_cast<double>(count);
    for (std::size_t set = 0; set < result.size(); ++set) {
        Prediction& average = result[set].prediction;
        average.mean /= n;
        const Matrix spread = (squares[set] / n - average.mean.cwiseAbs2()).cwiseMax(0);
        average.variance = average.variance / n + spread;
        result[set].mean_error = (spread / std::max(1.0, n - 1)).cwiseSqrt();
    }
    return result;
}

void add_predictor(const SamplingProblem& problem, const std::vector<AveragedPrediction>& averages,
                   Record& record) {
    const Predictor theory(problem.kernels, problem.y, problem.point.temperature,
                           problem.theory.order_parameters.U.front());
    for (std::size_t set = 0; set < averages.size(); ++set) {
        const ExampleSet& examples = problem.tests[set];
        const std::string suffix = suffix_of(examples);
        add_quality(record, group, suffix,
                    prediction_quality(averages[set].prediction, examples.y, problem.classes));
        const Matrix difference =
            theory.predict(problem.test_features[set]).mean - averages[set].prediction.mean;
        record[group + "/predictor_z" + suffix] =
            std::sqrt(difference.cwiseQuotient(averages[set].mean_error).cwiseAbs2().mean());
    }
}

void add_sample(const SamplingProblem& problem, const OrderParameterSample& sample, Record& record) {
    record[group + "/verdict"] = std::string(sample.converged ? "sampled" : "not-converged");
    record[group + "/order_parameter"] = array_of(sample.mean);
    record[group + "/order_parameter_mcse"] = array_of(sample.mcse);
    const Matrix z = (problem.theory.order_parameters.U.front() - sample.mean).cwiseQuotient(sample.mcse);
    record[group + "/order_parameter_z"] = array_of(z);
    record[group + "/rhat"] = sample.rhat;
    record[group + "/ess"] = sample.ess;
    record[group + "/tail_ess"] = sample.tail_ess;
    record[group + "/ebfmi"] = sample.ebfmi;
    record[group + "/step_size"] = sample.step_size;
    record[group + "/chains"] = static_cast<std::int64_t>(sample.U.size());
    record[group + "/draws"] = static_cast<std::int64_t>(sample.draws);
    record[group + "/divergences"] = static_cast<std::int64_t>(sample.divergences);
    record[group + "/depth_hits"] = static_cast<std::int64_t>(sample.depth_hits);
    record[group + "/gradient_evaluations"] = static_cast<std::int64_t>(sample.gradient_evaluations);
}

}  // namespace

void sample_point(const SamplingConfiguration& configuration, const SamplingProblem& problem,
                  const std::function<void()>& poll, Record& record) {
    const auto start = std::chrono::steady_clock::now();
    try {
        Energy energy(problem.kernels, problem.y, problem.point.temperature);
        OrderParameterPosterior posterior(problem.point.architecture, &energy);
        const Scale scale = scale_of(posterior, problem, energy);
        SamplingOptions options = configuration.options;
        options.poll = poll;
        const std::string& key = problem.point.key;
        const OrderParameterSample sample = sample_order_parameters(
            posterior, scale.centre, scale.precision, checksum(key.data(), key.size()), options);
        add_sample(problem, sample, record);
        add_predictor(problem, average_predictions(problem, sample, configuration.predictor_draws, poll),
                      record);
    } catch (const NumericalError& error) {
        record[group + "/verdict"] = std::string("failed");
        record[group + "/message"] = std::string(error.what());
    }
    record[group + "/seconds"] =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace attnpaths
