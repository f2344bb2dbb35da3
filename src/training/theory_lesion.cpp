#include "training/theory_lesion.hpp"

#include "network/path_features.hpp"
#include "network/path_kernels.hpp"
#include "task/balanced_subset.hpp"
#include "theory/predictor.hpp"
#include "theory/sub_network.hpp"

namespace attnpaths {

namespace {

Matrix features_of(const ExampleSet& set, const Dataset& dataset) {
    if (set.xi.size() > 0) return set.xi;
    return path_features(set.x, set.tokens, dataset.layers, dataset.attention, dataset.readout);
}

}  // namespace

TheoryLesion::TheoryLesion(const Dataset& dataset, SolvedPoint point)
    : point_(std::move(point)),
      prefactor_(point_.input_variance /
                 static_cast<double>(dataset.input_width * path_count(point_.heads))) {
    const std::vector<Index> chosen =
        balanced_subset(dataset.train.y, point_.examples, "the point's examples");
    training_ = make_training_set(features_of(dataset.train, dataset)(chosen, Eigen::all),
                                  dataset.train.y(chosen, Eigen::all));
    for (const ExampleSet& set : dataset.tests) tests_.push_back(features_of(set, dataset));
}

std::vector<Vector> TheoryLesion::predict(const Lesion& lesion) const {
    // Silenced rows and columns add nothing to any kernel, so the paths left are enough; the prefactor stays.
    const Index all = path_count(point_.heads);
    const std::vector<Index> paths = paths_left(lesion, point_.heads);
    const PathKernels kernels(select_paths(training_.features, all, paths), static_cast<Index>(paths.size()),
                              1, prefactor_, KernelStorage::features);
    const Predictor predictor(kernels, training_.y, point_.temperature, point_.U(paths, paths));
    std::vector<Vector> means;
    for (const Matrix& features : tests_)
        means.emplace_back(predictor.predict(select_paths(features, all, paths)).mean.col(0));
    return means;
}

}  // namespace attnpaths
