#pragma once

#include "network/path_kernels.hpp"
#include "sampling/sample_order_parameters.hpp"
#include "sweep/configuration.hpp"
#include "theory/saddle_point.hpp"

#include <functional>

namespace attnpaths {

/// What the sampling of a point works on.
struct SamplingProblem {
    const GridPoint& point;
    const PathKernels& kernels;
    const Matrix& y;  ///< training targets
    bool classes;     ///< whether the targets are class labels
    const std::vector<ExampleSet>& tests;
    const std::vector<Matrix>& test_features;
    const SaddlePoint& theory;
};

/// Samples the exact posterior over the order parameters of one point and enters its columns
/// (sampling/order_parameter/*). A failure of the sampler is a verdict, not an error: the theory's results
/// stand.
/// @param poll  may throw to give the point up
void sample_point(const SamplingConfiguration& configuration, const SamplingProblem& problem,
                  const std::function<void()>& poll, Record& record);

}  // namespace attnpaths
