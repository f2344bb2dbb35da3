#pragma once

#include "network/path_kernels.hpp"
#include "sweep/configuration.hpp"
#include "task/dataset.hpp"
#include "theory/saddle_point.hpp"

namespace attnpaths {

/// What the sampling of a point works on.
struct SamplingProblem {
    const GridPoint& point;
    const PathKernels& kernels;
    const Matrix& y;       ///< training targets
    double energy_constant;  ///< TrainingSet::energy_constant
    bool classes;          ///< whether the targets are class labels
    const std::vector<ExampleSet>& tests;
    const std::vector<Matrix>& test_features;
    const SaddlePoint& theory;
};

}  // namespace attnpaths
