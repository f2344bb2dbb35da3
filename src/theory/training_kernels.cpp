#include "theory/training_kernels.hpp"

#include "datasets/balanced_subset.hpp"
#include "theory/sub_network.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace attnpaths {

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

TrainingKernels::TrainingKernels(const std::shared_ptr<PathData>& data, Index examples, double input_variance,
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
        training_set_ = std::make_shared<const TrainingSet>(
            make_training_set(own, targets_, data_->feature_error(chosen_)));
        return *training_set_;
    }
    TrainingFold fold(examples(), columns, targets_.cols());
    blocks_.for_each([&](Index first, const Matrix& features) {
        const auto begin = places_.begin() + first;
        fold.add(features, targets_(std::vector<Index>(begin, begin + features.rows()), Eigen::all));
    });
    training_set_ = std::make_shared<const TrainingSet>(fold.finish(data_->feature_error(blocks_)));
    return *training_set_;
}

std::shared_ptr<const Matrix> TrainingKernels::shared_features() {
    const TrainingSet& set = training_set();
    return {training_set_, &set.features};
}

const PathKernels& TrainingKernels::path_kernels() {
    if (!path_kernels_)
        path_kernels_.emplace(shared_features(), paths_, data_->dataset().outputs(), prefactor_, storage_);
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
    const auto features = paths.empty()
                              ? shared_features()
                              : std::make_shared<const Matrix>(select_paths(set.features, paths_, paths));
    ProjectedProcess made{GaussianProcess(features, set.y, prefactor_ * static_cast<double>(paths_) / count),
                          {}};
    const std::vector<ExampleSet>& tests = data_->dataset().tests;
    for (std::size_t test = 0; test < tests.size(); ++test) {
        made.tests.emplace_back();
        if (tests[test].source) continue;
        const Matrix& points = data_->test(test);
        made.tests.back() = paths.empty() ? made.process.points(points)
                                          : made.process.points(select_paths(points, paths_, paths));
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

}  // namespace attnpaths
