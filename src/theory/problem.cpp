#include "theory/problem.hpp"

#include "datasets/balanced_subset.hpp"
#include "network/path_feature_error.hpp"
#include "network/path_features.hpp"
#include "theory/sub_network.hpp"

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

const Matrix& PathData::train() {
    if (!train_) train_ = whole_ ? of_paths_left(whole_->train()) : features_of(dataset_->train);
    return *train_;
}

double PathData::feature_error(const std::vector<Index>& examples) {
    // The error of all paths bounds that of some.
    if (whole_) return whole_->feature_error(examples);
    const ExampleSet& set = dataset_->train;
    if (set.xi.size() > 0) return 0;
    return path_feature_error(set, leading_heads(dataset_->layers, heads_), dataset_->attention,
                              dataset_->readout, train(), examples);
}

const std::vector<Matrix>& PathData::tests() {
    if (!tests_) {
        std::vector<Matrix> tests;
        if (whole_)
            for (const Matrix& features : whole_->tests()) tests.push_back(of_paths_left(features));
        else
            for (const ExampleSet& set : dataset_->tests) tests.push_back(features_of(set));
        tests_ = std::move(tests);
    }
    return *tests_;
}

TrainingKernels::TrainingKernels(std::shared_ptr<PathData> data, Index examples, double input_variance,
                                 KernelStorage storage, const std::string& where)
    : TrainingKernels(data, balanced_subset(data->dataset().train.y, examples, where), input_variance,
                      storage) {}

TrainingKernels::TrainingKernels(std::shared_ptr<PathData> data, std::vector<Index> chosen,
                                 double input_variance, KernelStorage storage)
    : data_(std::move(data)),
      chosen_(std::move(chosen)),
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

const TrainingSet& TrainingKernels::training_set() {
    if (!training_set_) {
        own_features_ = features();
        training_set_ = make_training_set(own_features_, targets_, data_->feature_error(chosen_));
        if (!training_set_->is_reduced()) own_features_.resize(0, 0);
    }
    return *training_set_;
}

const PathKernels& TrainingKernels::path_kernels() {
    if (!path_kernels_)
        path_kernels_.emplace(training_set().features, paths_, data_->dataset().outputs(), prefactor_,
                              storage_);
    return *path_kernels_;
}

Predictions TrainingKernels::predict(const Predictor& predictor) {
    Predictions predictions;
    for (const Matrix& test : data_->tests()) predictions.tests.push_back(predictor.predict(test));
    predictions.training =
        training_set().is_reduced() ? predictor.predict(own_features_) : predictor.predict_training();
    return predictions;
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
                          {},
                          std::nullopt};
    for (const Matrix& test : data_->tests())
        made.tests.push_back(made.process.points(selected(test, paths)));
    if (set.is_reduced()) made.training = made.process.points(selected(own_features_, paths));
    return processes_.emplace(paths, std::move(made)).first->second;
}

const GaussianProcess& TrainingKernels::gaussian_process(const std::vector<Index>& paths) {
    return projected_process(paths).process;
}

Predictions TrainingKernels::predict_gaussian_process(double temperature, double variance,
                                                      const std::vector<Index>& paths) {
    const ProjectedProcess& projected = projected_process(paths);
    Predictions predictions;
    for (const GaussianProcess::Points& test : projected.tests)
        predictions.tests.push_back(projected.process.predict(test, temperature, variance));
    predictions.training = projected.training
                               ? projected.process.predict(*projected.training, temperature, variance)
                               : projected.process.predict_training(temperature, variance);
    return predictions;
}

DataTerm Problem::data_term() const {
    return {kernels(), training_->training_set(), temperature_};
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
