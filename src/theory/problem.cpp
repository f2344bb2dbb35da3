#include "theory/problem.hpp"

#include "network/path_feature_error.hpp"
#include "network/path_features.hpp"
#include "task/balanced_subset.hpp"
#include "theory/sub_network.hpp"

#include <utility>

namespace attnpaths {

PathData::PathData(std::shared_ptr<const Dataset> dataset, std::vector<Index> heads)
    : dataset_(std::move(dataset)), heads_(std::move(heads)) {}

Matrix PathData::features_of(const ExampleSet& set) const {
    if (set.xi.size() > 0) return set.xi;
    return path_features(set, leading_heads(dataset_->layers, heads_), dataset_->attention,
                         dataset_->readout);
}

const Matrix& PathData::train() {
    if (!train_) train_ = features_of(dataset_->train);
    return *train_;
}

double PathData::feature_error(const std::vector<Index>& examples) {
    const ExampleSet& set = dataset_->train;
    if (set.xi.size() > 0) return 0;
    return path_feature_error(set, leading_heads(dataset_->layers, heads_), dataset_->attention,
                              dataset_->readout, train(), examples);
}

const std::vector<Matrix>& PathData::tests() {
    if (!tests_) {
        std::vector<Matrix> tests;
        for (const ExampleSet& set : dataset_->tests) tests.push_back(features_of(set));
        tests_ = std::move(tests);
    }
    return *tests_;
}

TrainingKernels::TrainingKernels(std::shared_ptr<PathData> data, Index examples, double input_variance,
                                 KernelStorage storage, const std::string& where)
    : data_(std::move(data)),
      chosen_(balanced_subset(data_->dataset().train.y, examples, where)),
      paths_(path_count(data_->heads())),
      prefactor_(input_variance / static_cast<double>(data_->dataset().input_width * paths_)),
      storage_(storage),
      targets_(data_->dataset().train.y(chosen_, Eigen::all)),
      has_classes_(labels_are_classes(data_->dataset().train.y)) {}

const TrainingSet& TrainingKernels::training_set() {
    if (!training_set_) {
        own_features_ = data_->train()(chosen_, Eigen::all);
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

Prediction TrainingKernels::predict_training(const Predictor& predictor, const std::vector<Index>& paths) {
    if (!training_set().is_reduced()) return predictor.predict_training();
    return predictor.predict(paths.empty() ? own_features_ : select_paths(own_features_, paths_, paths));
}

Energy Problem::energy() const {
    return {kernels(), training_->training_set(), temperature_};
}

Predictor Problem::predictor(const Matrix& U) const {
    return {kernels(), y(), temperature_, U};
}

}  // namespace attnpaths
