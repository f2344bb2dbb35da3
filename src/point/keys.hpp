#pragma once

#include "analyses/plan.hpp"
#include "point/point_configuration.hpp"

#include <string>

namespace attnpaths {

/// Hash of everything that a point's problem depends on: data, heads, P, widths, prior variances, T, and
/// where its kernels are kept, which changes the last bits. It names the point's row in the store, and the
/// random streams are of this key, so that what is sampled depends on nothing else.
std::string problem_key(const PointConfiguration& configuration, const GridPoint& point, Index input_width);

/// The same without the widths: all that an analysis of Scope::kernels depends on.
std::string kernels_key(const PointConfiguration& configuration, const GridPoint& point, Index input_width);

/// Hash of how an analysis answers: its settings, its revision, and the keys of what it needs. With the
/// problem's key it stands for everything that its results depend on. What is kept of them is in no key.
std::string analysis_key(const Analysis& analysis, const AnalysisInputs& inputs);

/// What a configuration wants of a point with these heads.
Plan plan_of(const PointConfiguration& configuration, const std::vector<Index>& heads);

}  // namespace attnpaths
