#include "analyses/learning_curve/learning_curve.hpp"

#include "analyses/cost.hpp"
#include "analyses/record_values.hpp"
#include "analyses/saddle_point/saddle_point.hpp"
#include "base/error.hpp"
#include "theory/lapack.hpp"
#include "theory/learning_curve.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace attnpaths {

namespace {

using enum ColumnType;

const SettingKey& examples_setting() {
    static const SettingKey setting = {
        "learning_curve.examples", "auto",
        "numbers of examples to predict errors at; auto: 20, from 10 to those of the pool"};
    return setting;
}

const SettingKey& pool_setting() {
    static const SettingKey setting = {"learning_curve.pool", "true",
                                       "predict the curve from training and test examples together too",
                                       SettingKind::boolean};
    return setting;
}

/// P at which the curve is wanted, up to the pool's M.
Vector wanted_examples(const Settings& settings, double pool) {
    if (const std::string& name = examples_setting().name; settings.text(name) != "auto") {
        const std::vector<double> given = settings.numbers(name, 1, 1e9);
        return Eigen::Map<const Vector>(given.data(), static_cast<Index>(given.size()));
    }
    constexpr Index points = 20;
    constexpr double first = 10;
    const double low = std::log(std::min(first, pool));
    return Vector::LinSpaced(points, low, std::log(pool)).array().exp().round();
}

/// The curve of K(U) on a training set.
LearningCurve curve_of(const TrainingSet& set, const PathKernels& kernels, const Matrix& U,
                       double temperature) {
    Matrix kernel;
    kernels.assemble(U, kernel);
    const Vector eigenvalues = lapack::symmetric_eigenvalues(kernel, true);
    const Vector powers = (kernel.transpose() * stacked_targets(set.y)).cwiseAbs2();
    const Index outputs = set.y.cols();
    return {eigenvalues,
            powers,
            (set.examples - set.features.rows()) * outputs,
            set.accuracy.residual_squared_norm,
            outputs,
            temperature};
}

/// How often a predictor that was not given an example has its class right, for one output.
/// @param residual  y - mean at each example, left out
double left_out_accuracy(const Eigen::ArrayXd& y, const Eigen::ArrayXd& residual) {
    return (y * (y - residual) > 0).cast<double>().mean();
}

struct LeaveOneOut {
    ErrorEstimate errors;
    double accuracy = std::numeric_limits<double>::quiet_NaN();  // of one output
};

/// Leave-one-out where the examples are those that the kernels have.
LeaveOneOut leave_one_out_of(const Problem& problem, const Matrix& U) {
    const Matrix& y = problem.y();
    Matrix inverse;
    problem.kernels().assemble(U, inverse);
    inverse.diagonal().array() += problem.temperature();
    if (!lapack::cholesky(inverse)) throw NumericalError("learning-curve: K + T I is not positive definite");
    lapack::inverse_from_cholesky(inverse);
    const Vector weights = inverse * stacked_targets(y);
    LeaveOneOut found{leave_one_out(inverse, weights, y.cols(), problem.temperature())};
    if (y.cols() == 1)
        found.accuracy = left_out_accuracy(y.col(0), weights.array() / inverse.diagonal().array());
    return found;
}

/// The same where these are coordinates in the features' span, for one output: from the predictor at the
/// examples, whose residual is T A y and whose variance is T - T^2 A_ii.
LeaveOneOut leave_one_out_of_reduced(const Problem& problem, const Matrix& U) {
    const double T = problem.temperature();
    const Prediction prediction = problem.training().predict_examples(problem.predictor(U));
    // 1 / (T A_ii): how much larger errors are at an example that was left out.
    const Eigen::ArrayXd growth = 1 / (1 - prediction.variance.col(0).array() / T);
    const Eigen::ArrayXd residual = problem.training().targets().col(0) - prediction.mean.col(0);
    return {{(residual * growth).square().mean(), (prediction.variance.col(0).array() * growth).mean()},
            left_out_accuracy(problem.training().targets().col(0), residual * growth)};
}

void add_estimate(Record& own, const std::string& name, const ErrorEstimate& estimate) {
    own["learning_curve/" + name + "_bias"] = estimate.bias;
    own["learning_curve/" + name + "_variance"] = estimate.variance;
}

void add_leave_one_out(Record& own, const LeaveOneOut& found, bool has_classes) {
    add_estimate(own, "leave_one_out", found.errors);
    if (has_classes) own["learning_curve/leave_one_out_accuracy"] = found.accuracy;
}

/// Bias and variance at every P of the pool, NaN beyond it.
void add_curve(Record& own, const std::string& name, const LearningCurve& curve, const Vector& examples) {
    Vector bias = Vector::Constant(examples.size(), std::numeric_limits<double>::quiet_NaN());
    Vector variance = bias;
    for (Index i = 0; i < examples.size(); ++i) {
        if (examples(i) > curve.pool()) continue;
        const LearningCurve::Point point = curve.at(examples(i));
        bias(i) = point.bias;
        variance(i) = point.variance;
    }
    own["learning_curve/" + name + "_bias"] = array_of(bias);
    own["learning_curve/" + name + "_variance"] = array_of(variance);
}

/// The problem's training examples and those of the first test set, which come from where the training
/// examples come from: never others that a rank happens to hold, and the same bits whether they are held.
TrainingSet pool_of(const Problem& problem) {
    TrainingKernels& training = problem.training();
    const TrainingSet& set = training.training_set();
    const Matrix& y = problem.dataset().tests.front().y;
    const Index examples = set.examples + y.rows();
    const Index columns = set.features.cols();
    if (examples <= columns && !set.is_reduced()) {
        const Matrix& test = training.data().test(0);
        Matrix features(examples, columns);
        features << set.features, test;
        Matrix targets(examples, y.cols());
        targets << set.y, y;
        return make_training_set(features, targets);
    }
    FoldedTriangle folded(columns + y.cols());
    folded.add(set.features, set.y);
    training.data().test_blocks(0).for_each([&](Index first, const Matrix& features) {
        folded.add(features, y.middleRows(first, features.rows()));
    });
    return training_set_of(folded, y.cols(), examples, set.accuracy.error,
                           set.accuracy.residual_squared_norm);
}

void run(const Problem& problem, const Record& needed, Record& own, Context& context) {
    const Settings& settings = context.inputs.settings;
    const Matrix U = saddle_point_of(problem, needed).order_parameters.U.front();
    const double T = problem.temperature();
    TrainingKernels& training = problem.training();
    const LearningCurve own_curve = curve_of(training.training_set(), problem.kernels(), U, T);
    context.hooks.poll();
    const LearningCurve::Point at_all = own_curve.at(own_curve.pool());
    add_estimate(own, "generalised_cross_validation", {at_all.bias, at_all.variance});
    if (!training.training_set().is_reduced())
        add_leave_one_out(own, leave_one_out_of(problem, U), training.has_classes());
    else if (problem.architecture().outputs == 1)
        add_leave_one_out(own, leave_one_out_of_reduced(problem, U), training.has_classes());
    context.hooks.poll();

    std::optional<LearningCurve> pool;
    if (settings.boolean(pool_setting().name) && !problem.dataset().tests.empty()) {
        const TrainingSet set = pool_of(problem);
        const PathKernels kernels(set.features, training.paths(), problem.architecture().outputs,
                                  training.prefactor(), KernelStorage::features);
        pool = curve_of(set, kernels, U, T);
        context.hooks.poll();
    }
    const Vector examples = wanted_examples(settings, (pool ? *pool : own_curve).pool());
    own["learning_curve/examples"] = array_of(examples);
    add_curve(own, "training", own_curve, examples);
    if (pool) add_curve(own, "pool", *pool, examples);
}

/// Rows of the kernel of a pool, if all examples of the data were in it.
double pool_system(const ProblemSize& size) {
    const auto outputs = static_cast<double>(size.architecture.outputs);
    const double examples = std::max(size.data_examples, static_cast<double>(size.examples));
    return std::min(outputs * examples, size.feature_columns());
}

NominalCost cost(const ProblemSize& size, const Settings& settings) {
    constexpr double operations = 10;  // per row cubed: eigenvectors and an inverse
    const double pool = settings.boolean(pool_setting().name) ? pool_system(size) : 0;
    // Of a reduced set, the leverage of every example.
    const double leverages =
        size.rows < size.examples ? 3 * static_cast<double>(size.examples) * std::pow(size.system(), 2) : 0;
    return {(operations * (std::pow(size.system(), 3) + std::pow(pool, 3)) + leverages) / flops_per_second,
            0};
}

/// Of the pool: features, their reduction and their kernel; kernel and eigenvectors.
double bytes(const ProblemSize& size) {
    const double features = static_cast<double>(size.input_width * size.architecture.paths());
    return sizeof(double) * (4 * (size.data_examples - size.streamed_examples) * features +
                             3 * std::pow(std::max(pool_system(size), size.system()), 2));
}

}  // namespace

Analysis learning_curve_analysis() {
    Analysis analysis;
    analysis.name = "learning-curve";
    analysis.summary =
        "errors on new points predicted without test labels (leave-one-out, generalised cross-validation), "
        "and the learning curve over the number of examples, with the order parameter kept as it is";
    analysis.source =
        "theory/README.md section 13; Jacot et al. 2020 (generalised cross-validation), Canatar et al. 2021";
    analysis.needs = {"saddle-point"};
    analysis.by_default = false;
    analysis.revision = 3;  // a pool of the problem's own examples
    analysis.settings = {examples_setting(), pool_setting()};
    const auto errors = [](const std::string& name, ColumnType type, const std::string& shape,
                           const std::string& by) {
        return std::vector<Column>{{"learning_curve/" + name + "_bias", type, shape, "",
                                    "expected |y - predictor mean|^2 on a new point, " + by},
                                   {"learning_curve/" + name + "_variance", type, shape, "",
                                    "expected predictor variance on a new point, " + by}};
    };
    for (const std::vector<Column>& columns :
         {errors("leave_one_out", real, "",
                 "exact at each training point of the predictor that was not given it (missing for D > 1 "
                 "where P exceeds the rank of the features)"),
          std::vector<Column>{{"learning_curve/leave_one_out_accuracy", real, "", "",
                               "how often the class of a training point is right without it, order "
                               "parameter kept (for D = 1; missing if y are no classes)"}},
          errors("generalised_cross_validation", real, "", "by generalised cross-validation"),
          std::vector<Column>{
              {"learning_curve/examples", array, "[k]", "", "numbers of examples P of the curves"}},
          errors("training", array, "[k]",
                 "after P examples, from the training examples alone (NaN beyond "
                 "their number)"),
          errors("pool", array, "[k]", "after P examples, from the pool of training and test examples")})
        analysis.columns.insert(analysis.columns.end(), columns.begin(), columns.end());
    analysis.check_settings = [](const Settings& settings) {
        static_cast<void>(wanted_examples(settings, 1));
    };
    analysis.cost = cost;
    analysis.bytes = bytes;
    analysis.run = run;
    return analysis;
}

}  // namespace attnpaths
