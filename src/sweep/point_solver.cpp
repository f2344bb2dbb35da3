#include "sweep/point_solver.hpp"

#include "base/error.hpp"
#include "sweep/point_key.hpp"
#include "sweep/point_memory.hpp"
#include "analyses/record_values.hpp"
#include "sweep/rehearsal.hpp"
#include "sweep/sample_point.hpp"
#include "theory/head_scores.hpp"
#include "theory/kernel_alignment.hpp"
#include "theory/sub_network.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace attnpaths {

PointSolver::PointSolver(Configuration configuration, std::shared_ptr<const Dataset> dataset)
    : configuration_(std::move(configuration)),
      file_dataset_(std::move(dataset)),
      problems_(configuration_, file_dataset_) {}

namespace {

/// Quality of a predictor on all test sets and the training set; the predictions themselves too if `store_as`
/// is not null.
/// @param test_features  of the predictor's paths, all if `paths` is empty
void add_predictor(Record& record, const std::string& group, const Predictor& predictor,
                   const Problem& problem, const std::vector<Matrix>& test_features,
                   const char* store_mean = nullptr, const char* store_variance = nullptr,
                   const std::vector<Index>& paths = {}) {
    const Dataset& dataset = problem.dataset();
    const bool classes = problem.training().has_classes();
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
    const PredictionQuality training = prediction_quality(
        problem.training().predict_training(predictor, paths), problem.training().targets(), classes);
    record[group + "/train_accuracy"] = training.accuracy;
    record[group + "/train_mse"] = training.mse;
}

void add_alignment(Record& record, const std::string& group, const Problem& problem, const Matrix& U,
                   Index spectrum) {
    if (spectrum == 0) return;
    Matrix kernel;
    problem.kernels().assemble(U, kernel);
    const TrainingSet& training = problem.training().training_set();
    const double power = training.y.squaredNorm() + training.unreachable_power;
    const KernelAlignment alignment =
        kernel_alignment(kernel, stacked_targets(training.y), spectrum, training.examples, power);
    record[group + "/eigenvalues"] = array_of(alignment.eigenvalues);
    record[group + "/overlaps"] = array_of(alignment.overlaps);
    record[group + "/cumulative_power"] = array_of(alignment.cumulative_power);
}

}  // namespace

const Record& PointSolver::gaussian_process(const Problem& problem) {
    if (present_ != problems_.present()) gaussian_processes_.clear();
    present_ = problems_.present();
    const auto known = gaussian_processes_.find(problem.temperature());
    if (known != gaussian_processes_.end()) return known->second;
    Record record;
    const Architecture& architecture = problem.architecture();
    const Matrix U = gaussian_process_order_parameters(architecture).U.front();
    const bool predictions = configuration_.point.predictions;
    add_predictor(record, "gp", problem.predictor(U), problem, problem.test_features(),
                  predictions ? "predictor/gp_mean" : nullptr,
                  predictions ? "predictor/gp_variance" : nullptr);
    add_alignment(record, "gp", problem, U, configuration_.point.spectrum);
    for (const std::string& text : sub_networks_of(configuration_, architecture.heads)) {
        const SubNetwork network = parse_sub_network(text, architecture.heads, "theory.sub_networks");
        const auto size = static_cast<Index>(network.paths.size());
        const Index outputs = architecture.outputs;
        const PathKernels paths(
            select_paths(problem.kernels().features(), architecture.paths(), network.paths), size, outputs,
            architecture.variances.input / static_cast<double>(problem.dataset().input_width * size),
            KernelStorage::features);
        const Predictor small(paths, problem.y(), problem.temperature(),
                              U.topLeftCorner(size * outputs, size * outputs));
        std::vector<Matrix> tests;
        for (const Matrix& test : problem.test_features())
            tests.push_back(select_paths(test, architecture.paths(), network.paths));
        add_predictor(record, "gp-" + network.name, small, problem, tests, nullptr, nullptr, network.paths);
    }
    return gaussian_processes_.emplace(problem.temperature(), std::move(record)).first->second;
}

SaddlePoint PointSolver::solve_theory(const Problem& problem, const std::function<void()>& poll) const {
    Energy energy = problem.energy();
    SaddlePointOptions options;
    options.tolerance = configuration_.point.tolerance;
    options.second_start = configuration_.point.second_start;
    options.poll = poll;
    return solve_saddle_point(problem.architecture(), energy, options);
}

std::optional<Record> PointSolver::solve(const PointTask& task, const PointHooks& hooks,
                                         Checkpoint& checkpoint) {
    const GridPoint& point = task.point;
    const std::function<void()>& poll = hooks.poll;
    checkpoint = task.checkpoint;
    if (configuration_.task.name == "rehearsal") return rehearse(configuration_.task.rehearsal, point, poll);
    check_memory(configuration_, file_dataset_.get(), point);
    poll();
    const Problem problem = problems_.problem_of(point);
    static_cast<void>(problem.kernels());
    const Architecture& architecture = problem.architecture();
    poll();
    const SaddlePoint saddle = solve_theory(problem, poll);
    const SamplingProblem sampling{point, problem, saddle};
    if (task.chain) {
        sample_chain(configuration_.point, sampling, *task.chain, hooks, checkpoint);
        return std::nullopt;
    }
    // First, as what follows is done again where a point is handed back or interrupted.
    Record record = describe_point(point);
    if (!sample_point(configuration_.point, sampling, task.is_spread, hooks, checkpoint, record))
        return std::nullopt;
    record["point/task"] =
        configuration_.task.name == "dataset" ? configuration_.task.file : configuration_.task.name;
    record["point/evaluation"] = to_text(problem.kernels().storage());
    poll();
    record.merge(Record(gaussian_process(problem)));

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
    record["theory/head_scores"] = array_of(head_scores(U, architecture.heads, architecture.outputs));
    record["theory/path_scores"] = array_of(path_scores(U, architecture.heads, architecture.outputs));
    poll();

    const bool predictions = configuration_.point.predictions;
    add_predictor(record, "theory", problem.predictor(U), problem, problem.test_features(),
                  predictions ? "predictor/mean" : nullptr, predictions ? "predictor/variance" : nullptr);
    add_alignment(record, "theory", problem, U, configuration_.point.spectrum);
    poll();
    // What the off-diagonal elements are worth: the same predictor without them.
    add_predictor(record, "theory-diagonal", problem.predictor(U.diagonal().asDiagonal()), problem,
                  problem.test_features());
    return record;
}

}  // namespace attnpaths
