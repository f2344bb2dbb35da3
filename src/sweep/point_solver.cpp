#include "sweep/point_solver.hpp"

#include "base/error.hpp"
#include "network/path_features.hpp"
#include "sweep/point_key.hpp"
#include "sweep/point_memory.hpp"
#include "sweep/record_values.hpp"
#include "sweep/rehearsal.hpp"
#include "sweep/sample_point.hpp"
#include "task/balanced_subset.hpp"
#include "task/head_counts.hpp"
#include "theory/head_scores.hpp"
#include "theory/kernel_alignment.hpp"
#include "theory/predictor.hpp"
#include "theory/sub_network.hpp"
#include "theory/training_set.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace attnpaths {

namespace {

/// Features [P, N0 n] of the paths through `heads` of one set of examples.
Matrix features_of(const ExampleSet& set, const Dataset& dataset, const std::vector<Index>& heads) {
    if (set.xi.size() > 0) return set.xi;
    return path_features(set.x, set.tokens, leading_heads(dataset.layers, heads), dataset.attention,
                         dataset.readout);
}

}  // namespace

/// Path features of all examples for one choice of data and heads.
struct PointSolver::Features {
    std::string id;
    Matrix train;
    std::vector<Matrix> tests;
};

/// Kernels and targets of one choice of training examples.
struct PointSolver::Kernels {
    std::string id;
    TrainingSet training;
    Matrix features;  ///< of the examples themselves, where `training` is reduced; else empty
    Matrix targets;   ///< of the examples themselves
    bool classes;
    PathKernels paths;

    [[nodiscard]] const Matrix& y() const { return training.y; }
    [[nodiscard]] Prediction predict_training(const Predictor& predictor, const Matrix& own_features) const {
        return training.is_reduced() ? predictor.predict(own_features) : predictor.predict_training();
    }
};

PointSolver::PointSolver(Configuration configuration) : configuration_(std::move(configuration)) {}

PointSolver::~PointSolver() = default;

const Dataset& PointSolver::data_for(const GridPoint& point) {
    const std::string id =
        fmt::format("seed {} heads {}", point.seed, head_counts_text(point.architecture.heads));
    if (data_ == nullptr || data_id_ != id || data_->train.examples() < point.examples) {
        // An example does not depend on how many are made: a later point may find enough here.
        features_.reset();
        kernels_.reset();
        data_.reset();
        data_ = configuration_.task->data({point.architecture.heads, point.seed, point.examples});
        data_id_ = id;
    }
    return *data_;
}

const PointSolver::Features& PointSolver::features_for(const GridPoint& point) {
    const std::string id =
        fmt::format("seed {} heads {}", point.seed, head_counts_text(point.architecture.heads));
    const Dataset& dataset = data_for(point);  // lets go of what was made of other data
    if (features_ == nullptr || features_->id != id) {
        kernels_.reset();
        features_.reset();
        Features features{id, features_of(dataset.train, dataset, point.architecture.heads), {}};
        for (const ExampleSet& set : dataset.tests)
            features.tests.push_back(features_of(set, dataset, point.architecture.heads));
        features_ = std::make_unique<Features>(std::move(features));
    }
    return *features_;
}

const PointSolver::Kernels& PointSolver::kernels_for(const GridPoint& point) {
    const Features& features = features_for(point);
    const std::string id = fmt::format("{} P {}", features.id, point.examples);
    if (kernels_ == nullptr || kernels_->id != id) {
        gaussian_processes_.clear();
        kernels_.reset();
        const Dataset& dataset = data_for(point);
        const std::vector<Index> chosen = balanced_subset(dataset.train.y, point.examples, "grid.examples");
        const Index paths = point.architecture.paths();
        const double prefactor =
            point.architecture.variances.input / static_cast<double>(dataset.input_width * paths);
        Matrix chosen_features = features.train(chosen, Eigen::all);
        const Matrix targets = dataset.train.y(chosen, Eigen::all);
        TrainingSet training = make_training_set(chosen_features, targets);
        if (!training.is_reduced()) chosen_features.resize(0, 0);
        PathKernels kernels(training.features, paths, dataset.outputs(), prefactor,
                            kernel_storage(configuration_.point, point, dataset.input_width));
        kernels_.reset(new Kernels{id, std::move(training), std::move(chosen_features), targets,
                                   labels_are_classes(dataset.train.y), std::move(kernels)});
    }
    return *kernels_;
}

namespace {

/// Quality of a predictor on all test sets and the training set; the predictions themselves too if `store_as`
/// is not null.
void add_predictor(Record& record, const std::string& group, const Predictor& predictor,
                   const Dataset& dataset, const std::vector<Matrix>& test_features,
                   const Prediction& training_prediction, const Matrix& training_targets, bool classes,
                   const char* store_mean, const char* store_variance) {
    for (std::size_t i = 0; i < dataset.tests.size(); ++i) {
        const ExampleSet& set = dataset.tests[i];
        const Prediction prediction = predictor.predict(test_features[i]);
        const std::string suffix = suffix_of(set);
        add_quality(record, group, suffix, prediction_quality(prediction, set.y, classes));
        if (store_mean != nullptr) {
            record[store_mean + suffix] = array_of(prediction.mean);
            record[store_variance + suffix] = array_of(prediction.variance);
        }
    }
    const PredictionQuality training = prediction_quality(training_prediction, training_targets, classes);
    record[group + "/train_accuracy"] = training.accuracy;
    record[group + "/train_mse"] = training.mse;
}

void add_alignment(Record& record, const std::string& group, const PathKernels& kernels,
                   const TrainingSet& training, const Matrix& U, Index spectrum) {
    if (spectrum == 0) return;
    Matrix kernel;
    kernels.assemble(U, kernel);
    const double power = training.y.squaredNorm() + training.unreachable_power;
    const KernelAlignment alignment =
        kernel_alignment(kernel, stacked_targets(training.y), spectrum, training.examples, power);
    record[group + "/eigenvalues"] = array_of(alignment.eigenvalues);
    record[group + "/overlaps"] = array_of(alignment.overlaps);
    record[group + "/cumulative_power"] = array_of(alignment.cumulative_power);
}

}  // namespace

const Record& PointSolver::gaussian_process(const GridPoint& point, const Kernels& kernels) {
    const auto known = gaussian_processes_.find(point.temperature);
    if (known != gaussian_processes_.end()) return known->second;
    Record record;
    const Architecture& architecture = point.architecture;
    const Dataset& dataset = data_for(point);
    const Features& features = features_for(point);
    const Matrix U = gaussian_process_order_parameters(architecture).U.front();
    const bool predictions = configuration_.point.predictions;
    const Predictor predictor(kernels.paths, kernels.y(), point.temperature, U);
    add_predictor(record, "gp", predictor, dataset, features.tests,
                  kernels.predict_training(predictor, kernels.features), kernels.targets, kernels.classes,
                  predictions ? "predictor/gp_mean" : nullptr,
                  predictions ? "predictor/gp_variance" : nullptr);
    add_alignment(record, "gp", kernels.paths, kernels.training, U, configuration_.point.spectrum);
    for (const std::string& text : sub_networks_of(configuration_, architecture.heads)) {
        const SubNetwork network = parse_sub_network(text, architecture.heads, "theory.sub_networks");
        const auto size = static_cast<Index>(network.paths.size());
        const Index outputs = dataset.outputs();
        const PathKernels paths(
            select_paths(kernels.paths.features(), architecture.paths(), network.paths), size, outputs,
            architecture.variances.input / static_cast<double>(dataset.input_width * size),
            KernelStorage::features);
        const Predictor small(paths, kernels.y(), point.temperature,
                              U.topLeftCorner(size * outputs, size * outputs));
        std::vector<Matrix> tests;
        for (const Matrix& test : features.tests)
            tests.push_back(select_paths(test, architecture.paths(), network.paths));
        const Matrix own_features = kernels.training.is_reduced()
                                        ? select_paths(kernels.features, architecture.paths(), network.paths)
                                        : Matrix();
        add_predictor(record, "gp-" + network.name, small, dataset, tests,
                      kernels.predict_training(small, own_features), kernels.targets, kernels.classes,
                      nullptr, nullptr);
    }
    return gaussian_processes_.emplace(point.temperature, std::move(record)).first->second;
}

SaddlePoint PointSolver::solve_theory(const GridPoint& point, const Kernels& kernels,
                                      const std::function<void()>& poll) const {
    Energy energy(kernels.paths, kernels.y(), point.temperature,
                  kernels.training.energy_constant(point.temperature));
    SaddlePointOptions options;
    options.tolerance = configuration_.point.tolerance;
    options.second_start = configuration_.point.second_start;
    options.poll = poll;
    return solve_saddle_point(point.architecture, energy, options);
}

std::optional<Record> PointSolver::solve(const PointTask& task, const PointHooks& hooks,
                                         Checkpoint& checkpoint) {
    const GridPoint& point = task.point;
    const std::function<void()>& poll = hooks.poll;
    checkpoint = task.checkpoint;
    const std::string source = configuration_.task->source();
    const std::string task_name = source.empty() ? configuration_.task_name : source;
    if (const Rehearsal* const rehearsal = configuration_.task->rehearsal()) {
        Record record = rehearse(*rehearsal, point, poll);
        record["point/task"] = task_name;
        return record;
    }
    check_memory(configuration_, point);
    poll();
    const Kernels& kernels = kernels_for(point);
    const Dataset& dataset = data_for(point);
    const Features& features = features_for(point);
    const Architecture& architecture = point.architecture;
    poll();
    const SaddlePoint saddle = solve_theory(point, kernels, poll);
    const SamplingProblem sampling{
        point,           kernels.paths, kernels.y(),    kernels.training.energy_constant(point.temperature),
        kernels.classes, dataset.tests, features.tests, saddle};
    if (task.chain) {
        sample_chain(configuration_.point, sampling, *task.chain, hooks, checkpoint);
        return std::nullopt;
    }
    // First, as what follows is done again where a point is handed back or interrupted.
    Record record = describe_point(point);
    if (!sample_point(configuration_.point, sampling, task.is_spread, hooks, checkpoint, record))
        return std::nullopt;
    record["point/task"] = task_name;
    record["point/evaluation"] = to_text(kernels.paths.storage());
    poll();
    record.merge(Record(gaussian_process(point, kernels)));

    const Matrix& U = saddle.order_parameters.U.front();
    record["theory/action"] = saddle.action.action;
    record["theory/energy"] = saddle.action.energy;
    record["theory/entropy"] = saddle.action.entropy;
    record["theory/U_a"] = array_of(saddle.order_parameters.U_a);
    record["theory/order_parameter"] = array_of(U);
    for (std::size_t layer = 1; layer < architecture.depth(); ++layer)
        record[fmt::format("theory/order_parameter_above-layer{}", layer + 1)] =
            array_of(saddle.order_parameters.U[layer]);
    record["theory/gradient_norm"] = saddle.gradient_norm;
    record["theory/gradient_norm_U"] = saddle.gradient_norm_U;
    record["theory/hessian_min"] = saddle.hessian_min;
    record["theory/iterations"] = static_cast<std::int64_t>(saddle.iterations);
    record["theory/evaluations"] = static_cast<std::int64_t>(saddle.evaluations);
    record["theory/hessians"] = static_cast<std::int64_t>(saddle.hessians);
    record["theory/second_start_difference"] = saddle.second_start_difference;
    record["theory/head_scores"] = array_of(head_scores(U, architecture.heads, dataset.outputs()));
    record["theory/path_scores"] = array_of(path_scores(U, architecture.heads, dataset.outputs()));
    poll();

    const bool predictions = configuration_.point.predictions;
    const Predictor predictor(kernels.paths, kernels.y(), point.temperature, U);
    add_predictor(record, "theory", predictor, dataset, features.tests,
                  kernels.predict_training(predictor, kernels.features), kernels.targets, kernels.classes,
                  predictions ? "predictor/mean" : nullptr, predictions ? "predictor/variance" : nullptr);
    add_alignment(record, "theory", kernels.paths, kernels.training, U, configuration_.point.spectrum);
    poll();
    // What the off-diagonal elements are worth: the same predictor without them.
    const Matrix diagonal = U.diagonal().asDiagonal();
    const Predictor without(kernels.paths, kernels.y(), point.temperature, diagonal);
    add_predictor(record, "theory-diagonal", without, dataset, features.tests,
                  kernels.predict_training(without, kernels.features), kernels.targets, kernels.classes,
                  nullptr, nullptr);
    return record;
}

}  // namespace attnpaths
