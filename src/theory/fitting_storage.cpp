#include "theory/fitting_storage.hpp"

#include "theory/training_set.hpp"

namespace attnpaths {

namespace {

/// Kernels of all pairs cost as much to make as n/3 evaluations of the action from the features; and from
/// about here on reading them takes as long as such an evaluation computes.
constexpr Index most_paths_of_kernels_in_memory = 50;

}  // namespace

KernelStorage fitting_storage(const Architecture& architecture, Index examples, Index input_width,
                              double memory_budget) {
    const Index paths = architecture.paths();
    const double bytes = PathKernels::bytes(training_rows(examples, input_width * paths), input_width, paths,
                                            KernelStorage::kernels);
    // Half of the budget: data, predictors and the Hessian want room too.
    return bytes <= memory_budget / 2 && architecture.outputs == 1 && paths <= most_paths_of_kernels_in_memory
               ? KernelStorage::kernels
               : KernelStorage::features;
}

}  // namespace attnpaths
