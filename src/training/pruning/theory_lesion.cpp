#include "training/pruning/theory_lesion.hpp"

#include "theory/sub_network.hpp"

#include <utility>

namespace attnpaths {

TheoryLesion::TheoryLesion(std::shared_ptr<const Dataset> dataset, SolvedPoint point)
    : point_(std::move(point)),
      training_(std::make_shared<PathData>(std::move(dataset), point_.heads), point_.examples,
                point_.input_variance, KernelStorage::features, "the point's examples") {}

std::vector<Matrix> TheoryLesion::predict(const Lesion& lesion) {
    // Silenced rows and columns add nothing to any kernel, so the paths left are enough; the prefactor stays.
    const TrainingSet& training = training_.training_set();
    const std::vector<Index> paths = paths_left(lesion, point_.heads);
    const Index outputs = training.y.cols();
    const PathKernels kernels(select_paths(training.features, training_.paths(), paths),
                              static_cast<Index>(paths.size()), outputs, training_.prefactor(),
                              KernelStorage::features);
    std::vector<Index> rows;  // of U: path by path, output fastest
    for (const Index path : paths)
        for (Index output = 0; output < outputs; ++output) rows.push_back(path * outputs + output);
    const Predictor predictor(kernels, training.y, point_.temperature, point_.U(rows, rows));
    std::vector<Matrix> means;
    for (const Matrix& features : training_.data().tests())
        means.emplace_back(predictor.predict(select_paths(features, training_.paths(), paths)).mean);
    return means;
}

}  // namespace attnpaths
