#include "point/point_configuration.hpp"

#include "analyses/analysis.hpp"
#include "theory/training_set.hpp"

namespace attnpaths {

double kernel_bytes(const GridPoint& point, Index input_width, KernelStorage storage) {
    const Index paths = point.architecture.paths();
    return PathKernels::bytes(training_rows(point.examples, input_width * paths), input_width, paths,
                              storage);
}

namespace {

/// Kernels of all pairs cost as much to make as n/3 evaluations of the action from the features; and from
/// about here on reading them takes as long as such an evaluation computes.
constexpr Index most_paths_of_kernels_in_memory = 50;

}  // namespace

KernelStorage kernel_storage(const PointConfiguration& configuration, const GridPoint& point,
                             Index input_width) {
    // Half of the budget: data, predictors and the Hessian want room too.
    return kernel_bytes(point, input_width, KernelStorage::kernels) <= configuration.memory_per_rank / 2 &&
                   point.architecture.outputs == 1 &&
                   point.architecture.paths() <= most_paths_of_kernels_in_memory
               ? KernelStorage::kernels
               : KernelStorage::features;
}

AnalysisInputs analysis_inputs(const PointConfiguration& configuration, const std::vector<Index>& heads) {
    return {configuration.settings, configuration.task->known_sub_networks(heads),
            configuration.memory_per_rank};
}

ProblemSize problem_size(const PointConfiguration& configuration, const GridPoint& point, Index input_width) {
    return {point.architecture,
            point.examples,
            input_width,
            training_rows(point.examples, input_width * point.architecture.paths()),
            kernel_storage(configuration, point, input_width),
            configuration.task->data_size(point.examples).examples};
}

}  // namespace attnpaths
