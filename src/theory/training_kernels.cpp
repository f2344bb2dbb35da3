#include "theory/training_kernels.hpp"

#include "base/byte_stream.hpp"
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

std::shared_ptr<TrainingKernels> TrainingKernels::without(const Lesion& lesion) {
    auto rest = std::make_shared<TrainingKernels>(std::make_shared<PathData>(data_, lesion), examples(),
                                                  input_variance_, storage_, "the whole network");
    if (is_folded())
        rest->training_set_ = std::make_shared<const TrainingSet>(training_set_of_some(
            training_set(),
            select_paths(training_set().features, paths_, paths_left(lesion, data_->heads()))));
    return rest;
}

Matrix TrainingKernels::features() const {
    if (!data_->dataset().train.source) return data_->train()(chosen_, Eigen::all);
    Matrix features(examples(), columns());
    features(places_, Eigen::all) = blocks_.whole();
    return features;
}

bool TrainingKernels::is_streamed() const {
    return data_->dataset().train.source != nullptr && is_folded();
}

void TrainingKernels::run(const StrandPass& pass, const TakeStrand& take) const {
    // Of examples that are held whoever helps would have to make all.
    is_streamed() ? runner_(pass, take) : run_pass(pass, take);
}

void TrainingKernels::fold_strands(const TakeStrand& take) const {
    const Index width = columns() + targets_.cols();
    const auto add = [&](Index first, const Matrix& features, std::string& state) {
        FoldedStrand strand = state.empty() ? FoldedStrand(width) : FoldedStrand(width, state);
        const auto begin = places_.begin() + first;
        strand.add(features, targets_(std::vector<Index>(begin, begin + features.rows()), Eigen::all));
        strand.note_token(blocks_.largest_token());
        state = strand.save();
    };
    run({blocks_, true, add, [&](Index) { return FoldedStrand::saved_bytes(width); }}, take);
}

const TrainingSet& TrainingKernels::training_set() {
    if (training_set_) return *training_set_;
    if (!is_folded()) {
        const Matrix own = features();
        training_set_ = std::make_shared<const TrainingSet>(
            make_training_set(own, targets_, data_->feature_error(chosen_)));
        return *training_set_;
    }
    TrainingFold fold(examples(), columns(), targets_.cols());
    fold_strands([&](const std::string& state) {
        FoldedStrand strand(columns() + targets_.cols(), state);
        fold.add(strand);
    });
    training_set_ = std::make_shared<const TrainingSet>(
        fold.finish(data_->feature_error(blocks_.examples(), fold.largest_token())));
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

Matrix TrainingKernels::at_examples(Index width,
                                    const std::function<Matrix(const Matrix& features)>& values) const {
    const auto bytes_of = [&](Index examples) {
        return sizeof(double) * static_cast<std::size_t>(examples * width);
    };
    const auto add = [&](Index, const Matrix& features, std::string& state) {
        const Matrix by_example = values(features).transpose();
        ByteWriter out;
        out.bytes(by_example.data(), bytes_of(by_example.cols()));
        state += out.take();
    };
    Matrix by_example(width, examples());
    Index done = 0;
    run({blocks_, false, add, bytes_of}, [&](const std::string& state) {
        const auto count = static_cast<Index>(state.size() / bytes_of(1));
        ByteReader(state).bytes(by_example.col(done).data(), state.size());
        done += count;
    });
    Matrix at(examples(), width);
    at(places_, Eigen::all) = by_example.transpose();
    return at;
}

Predictions TrainingKernels::predict(const Predictor& predictor) {
    Predictions predictions;
    for (std::size_t test = 0; test < data_->dataset().tests.size(); ++test)
        predictions.tests.push_back(
            predict_test(test, [&](const Matrix& features) { return predictor.predict(features); }));
    predictions.training = predictor.predict_training();
    if (training_set().is_reduced())
        predictions.training.mean =
            at_examples(targets_.cols(), [&](const Matrix& features) { return predictor.mean(features); });
    return predictions;
}

Prediction TrainingKernels::predict_examples(const Predictor& predictor) {
    if (!training_set().is_reduced()) return predictor.predict_training();
    const Index outputs = targets_.cols();
    const Matrix both = at_examples(2 * outputs, [&](const Matrix& features) {
        const Prediction of_block = predictor.predict(features);
        Matrix joined(features.rows(), 2 * outputs);
        joined << of_block.mean, of_block.variance;
        return joined;
    });
    return {both.leftCols(outputs), both.rightCols(outputs)};
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
        predictions.training.mean = at_examples(targets_.cols(), [&](const Matrix& features) -> Matrix {
            return selected(features, paths) * weights;
        });
    }
    return predictions;
}

}  // namespace attnpaths
