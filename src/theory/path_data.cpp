#include "theory/path_data.hpp"

#include "network/low_rank_head.hpp"
#include "network/path_feature_error.hpp"
#include "network/path_features.hpp"
#include "theory/sub_network.hpp"

#include <algorithm>
#include <cstddef>
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

const HeadLayers& PathData::layers() const {
    if (!layers_) layers_ = low_rank_heads(leading_heads(dataset_->layers, heads_), dataset_->attention);
    return *layers_;
}

Matrix PathData::of_paths_left(const Matrix& features) const {
    return select_paths(features, path_count(whole_->heads_), paths_);
}

Matrix PathData::features_of(const ExampleSet& set) const {
    if (set.xi.size() > 0) return set.xi;
    return path_features(set, layers(), dataset_->attention, dataset_->readout);
}

Matrix PathData::streamed(const ExampleSet& set, const std::vector<Index>& examples,
                          double& largest_token) const {
    if (whole_) return of_paths_left(whole_->streamed(set, examples, largest_token));
    constexpr std::size_t at_a_time = 512;  // some tenths of a second between two polls
    Matrix features(static_cast<Index>(examples.size()), columns());
    for (std::size_t first = 0; first < examples.size(); first += at_a_time) {
        poll();
        const std::vector<Index> part(
            examples.begin() + static_cast<std::ptrdiff_t>(first),
            examples.begin() + static_cast<std::ptrdiff_t>(std::min(first + at_a_time, examples.size())));
        features.middleRows(static_cast<Index>(first), static_cast<Index>(part.size())) =
            path_features(set, layers(), dataset_->attention, dataset_->readout, part, &largest_token);
    }
    return features;
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

double PathData::feature_error(const std::vector<Index>& examples, double largest_token) {
    if (whole_) return whole_->feature_error(examples, largest_token);
    return dataset_->train.source ? relative_error(examples) * largest_token : feature_error(examples);
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

}  // namespace attnpaths
