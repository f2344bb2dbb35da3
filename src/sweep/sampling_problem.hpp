#pragma once

#include "sweep/configuration.hpp"
#include "theory/problem.hpp"
#include "theory/saddle_point.hpp"

namespace attnpaths {

/// What the sampling of a point works on.
struct SamplingProblem {
    const GridPoint& point;
    const Problem& problem;
    const SaddlePoint& theory;
};

}  // namespace attnpaths
