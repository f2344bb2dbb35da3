#include "theory/problem.hpp"

#include "datasets/balanced_subset.hpp"
#include "network/path_feature_error.hpp"
#include "network/path_features.hpp"
#include "theory/sub_network.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace attnpaths {

PathData::PathData(std::shared_ptr<const Dataset> dataset, std::vector<Index> heads)
    : dataset_(std::move(dataset)), heads_(std::move(heads)) {}

PathData::PathData(std::shared_ptr<PathData> whole, const Lesion& lesion)
    : dataset_(whole->dataset_),
      heads_(heads_left(lesion, whole->heads_)),
      whole_(std::move(whole)),
      paths_(paths_left(lesion, whole_->heads_)) {}

Matrix PathData::of_paths_left(const Matrix& features) const {
    return select_paths(features, path_count(whole_->heads_), paths_);
}

Matrix PathData::features_of(const ExampleSet& set) const {
    if (set.xi.size() > 0) return set.xi;
    return path_features(set, leading_heads(dataset_->layers, heads_), dataset_->attention,
                         dataset_->readout);
}

Matrix PathData::streamed(const ExampleSet& set, const std::vector<Index>& examples,
                          double& largest_token) const {
    if (whole_) return of_paths_left(whole_->streamed(set, examples, largest_token));
    return path_features(set, leading_heads(dataset_->layers, heads_), dataset_->attention, dataset_->readout,
                         examples, &largest_token);
}

const Matrix& PathData::train() {
    if (!train_) train_ = whole_ ? of_paths_left(whole_->train()) : features_of(dataset_->train);
    return *train_;
}

const Matrix& PathData::test(std::size_t number) {
    tests_.resize(dataset_->tests.size());
    Matrix& features = tests_[number];
    if (features.size() == 0)
        features = whole_ ? of_paths_left(whole_->test(number)) : features_of(dataset_->tests[number]);
    return features;
}

const std::vector<Matrix>& PathData::tests() {
    for (std::size_t number = 0; number < dataset_->tests.size(); ++number) test(number);
    return tests_;
}

FeatureBlocks PathData::train_blocks(std::vector<Index> examples) {
    const auto make = [this](const std::vector<Index>& block, double& largest_token) -> Matrix {
        const ExampleSet& set = dataset_->train;
        return set.source ? streamed(set, block, largest_token) : train()(block, Eigen::all);
    };
    return {std::move(examples), columns(), make, [this] { poll(); }, dataset_->train.source != nullptr};
}

const FeatureBlocks& PathData::test_blocks(std::size_t number) {
    if (const auto known = test_blocks_.find(number); known != test_blocks_.end()) return known->second;
    const auto make = [this, number](const std::vector<Index>& block, double& largest_token) -> Matrix {
        const ExampleSet& set = dataset_->tests[number];
        return set.source ? streamed(set, block, largest_token) : test(number)(block, Eigen::all);
    };
    const ExampleSet& set = dataset_->tests[number];
    std::vector<Index> examples(static_cast<std::size_t>(set.examples()));
    std::iota(examples.begin(), examples.end(), Index{0});
    FeatureBlocks blocks(
        std::move(examples), columns(), make, [this] { poll(); }, set.source != nullptr);
    return test_blocks_.emplace(number, std::move(blocks)).first->second;
}

double PathData::relative_error(const std::vector<Index>& examples) const {
    return path_feature_error(dataset_->train, leading_heads(dataset_->layers, heads_), dataset_->attention,
                              dataset_->readout, examples);
}

double PathData::feature_error(const std::vector<Index>& examples) {
    // The error of all paths bounds that of some.
    if (whole_) return whole_->feature_error(examples);
    const ExampleSet& set = dataset_->train;
    return set.xi.size() > 0 ? 0 : relative_error(examples) * largest_token(set, examples);
}

double PathData::feature_error(const FeatureBlocks& blocks) {
    if (whole_) return whole_->feature_error(blocks);
    return dataset_->train.source ? relative_error(blocks.examples()) * blocks.largest_token()
                                  : feature_error(blocks.examples());
}

void PathData::forget_streamed() {
    if (dataset_->train.source) train_.reset();
    for (std::size_t number = 0; number < tests_.size(); ++number)
        if (dataset_->tests[number].source) tests_[number].resize(0, 0);
    if (whole_) whole_->forget_streamed();
}

void PathData::poll_with(std::function<void()> poll) {
    poll_ = std::move(poll);
}

void PathData::poll() const {
    if (whole_) return whole_->poll();
    if (poll_) poll_();
}

namespace {

/// Places of the numbers in ascending order.
std::vector<Index> ascending_places(const std::vector<Index>& numbers) {
    std::vector<Index> places(numbers.size());
    std::iota(places.begin(), places.end(), Index{0});
    std::sort(places.begin(), places.end(), [&](Index left, Index right) {
        return numbers[static_cast<std::size_t>(left)] < numbers[static_cast<std::size_t>(right)];
    });
    return places;
}

std::vector<Index> sorted(std::vector<Index> numbers) {
    std::sort(numbers.begin(), numbers.end());
    return numbers;
}

}  // namespace

TrainingKernels::TrainingKernels(std::shared_ptr<PathData> data, Index examples, double input_variance,
                                 KernelStorage storage, const std::string& where)
    : TrainingKernels(data, balanced_subset(data->dataset().train.y, examples, where), input_variance,
                      storage) {}

TrainingKernels::TrainingKernels(std::shared_ptr<PathData> data, std::vector<Index> chosen,
                                 double input_variance, KernelStorage storage)
    : data_(std::move(data)),
      chosen_(std::move(chosen)),
      places_(ascending_places(chosen_)),
      blocks_(data_->train_blocks(sorted(chosen_))),
      paths_(path_count(data_->heads())),
      input_variance_(input_variance),
      prefactor_(input_variance / static_cast<double>(data_->dataset().input_width * paths_)),
      storage_(storage),
      targets_(data_->dataset().train.y(chosen_, Eigen::all)),
      has_classes_(labels_are_classes(data_->dataset().train.y)) {}

std::shared_ptr<TrainingKernels> TrainingKernels::without(const Lesion& lesion) const {
    return std::make_shared<TrainingKernels>(std::make_shared<PathData>(data_, lesion), examples(),
                                             input_variance_, storage_, "the whole network");
}

Matrix TrainingKernels::features() const {
    if (!data_->dataset().train.source) return data_->train()(chosen_, Eigen::all);
    Matrix features(examples(), data_->dataset().input_width * paths_);
    features(places_, Eigen::all) = blocks_.whole();
    return features;
}

const TrainingSet& TrainingKernels::training_set() {
    if (training_set_) return *training_set_;
    const Index columns = data_->dataset().input_width * paths_;
    if (training_rows(examples(), columns) == examples()) {
        const Matrix own = features();
        training_set_ = make_training_set(own, targets_, data_->feature_error(chosen_));
        return *training_set_;
    }
    TrainingFold fold(examples(), columns, targets_.cols());
    blocks_.for_each([&](Index first, const Matrix& features) {
        const auto begin = places_.begin() + first;
        fold.add(features, targets_(std::vector<Index>(begin, begin + features.rows()), Eigen::all));
    });
    training_set_ = fold.finish(data_->feature_error(blocks_));
    return *training_set_;
}

const PathKernels& TrainingKernels::path_kernels() {
    if (!path_kernels_)
        path_kernels_.emplace(training_set().features, paths_, data_->dataset().outputs(), prefactor_,
                              storage_);
    return *path_kernels_;
}

Prediction TrainingKernels::predict_test(std::size_t test,
                                         const std::function<Prediction(const Matrix& features)>& predict) {
    const Index points = data_->dataset().tests[test].examples();
    Prediction prediction{Matrix(points, targets_.cols()), Matrix(points, targets_.cols())};
    data_->test_blocks(test).for_each([&](Index first, const Matrix& features) {
        const Prediction of_block = predict(features);
        prediction.mean.middleRows(first, features.rows()) = of_block.mean;
        prediction.variance.middleRows(first, features.rows()) = of_block.variance;
    });
    return prediction;
}

Matrix TrainingKernels::mean_at_examples(const std::function<Matrix(const Matrix& features)>& mean) const {
    Matrix means(examples(), targets_.cols());
    blocks_.for_each([&](Index first, const Matrix& features) {
        const auto begin = places_.begin() + first;
        means(std::vector<Index>(begin, begin + features.rows()), Eigen::all) = mean(features);
    });
    return means;
}

Predictions TrainingKernels::predict(const Predictor& predictor) {
    Predictions predictions;
    for (std::size_t test = 0; test < data_->dataset().tests.size(); ++test)
        predictions.tests.push_back(
            predict_test(test, [&](const Matrix& features) { return predictor.predict(features); }));
    predictions.training = predictor.predict_training();
    if (training_set().is_reduced())
        predictions.training.mean =
            mean_at_examples([&](const Matrix& features) { return predictor.mean(features); });
    return predictions;
}

Prediction TrainingKernels::predict_examples(const Predictor& predictor) {
    if (!training_set().is_reduced()) return predictor.predict_training();
    Prediction prediction;
    prediction.variance.resize(examples(), targets_.cols());
    Index done = 0;
    prediction.mean = mean_at_examples([&](const Matrix& features) {
        Prediction of_block = predictor.predict(features);
        const auto begin = places_.begin() + done;
        done += features.rows();
        prediction.variance(std::vector<Index>(begin, begin + features.rows()), Eigen::all) =
            of_block.variance;
        return of_block.mean;
    });
    return prediction;
}

Matrix TrainingKernels::selected(const Matrix& features, const std::vector<Index>& paths) const {
    return paths.empty() ? features : select_paths(features, paths_, paths);
}

TrainingKernels::ProjectedProcess& TrainingKernels::projected_process(const std::vector<Index>& paths) {
    const auto known = processes_.find(paths);
    if (known != processes_.end()) return known->second;
    const TrainingSet& set = training_set();
    const auto count = static_cast<double>(paths.empty() ? paths_ : static_cast<Index>(paths.size()));
    ProjectedProcess made{GaussianProcess(selected(set.features, paths), set.y,
                                          prefactor_ * static_cast<double>(paths_) / count),
                          {}};
    const std::vector<ExampleSet>& tests = data_->dataset().tests;
    for (std::size_t test = 0; test < tests.size(); ++test) {
        made.tests.emplace_back();
        if (!tests[test].source) made.tests.back() = made.process.points(selected(data_->test(test), paths));
    }
    return processes_.emplace(paths, std::move(made)).first->second;
}

const GaussianProcess& TrainingKernels::gaussian_process(const std::vector<Index>& paths) {
    return projected_process(paths).process;
}

Predictions TrainingKernels::predict_gaussian_process(double temperature, double variance,
                                                      const std::vector<Index>& paths) {
    const ProjectedProcess& projected = projected_process(paths);
    const GaussianProcess& process = projected.process;
    Predictions predictions;
    for (std::size_t test = 0; test < projected.tests.size(); ++test)
        predictions.tests.push_back(
            projected.tests[test] ? process.predict(*projected.tests[test], temperature, variance)
                                  : predict_test(test, [&](const Matrix& features) {
                                        return process.predict(process.points(selected(features, paths)),
                                                               temperature, variance);
                                    }));
    predictions.training = process.predict_training(temperature, variance);
    if (training_set().is_reduced()) {
        const Matrix weights = process.feature_weights(temperature, variance);
        predictions.training.mean = mean_at_examples(
            [&](const Matrix& features) -> Matrix { return selected(features, paths) * weights; });
    }
    return predictions;
}

DataTerm Problem::data_term() const {
    return {kernels(), training_->training_set(), temperature_};
}

const Matrix& Problem::data_term_hessian(DataTerm& data_term, const Matrix& U) const {
    const bool is_known = hessian_->U.size() == U.size() && hessian_->U == U;
    if (!is_known) {
        forget_hessian();  // the old goes before the new comes
        *hessian_ = {U, data_term.hessian(U)};
    }
    return hessian_->value;
}

Problem Problem::without(const Lesion& lesion) const {
    Architecture architecture = architecture_;
    architecture.heads = heads_left(lesion, architecture.heads);
    return {std::move(architecture), temperature_, training_->without(lesion)};
}

Predictor Problem::predictor(const Matrix& U) const {
    return {kernels(), y(), temperature_, U};
}

}  // namespace attnpaths
