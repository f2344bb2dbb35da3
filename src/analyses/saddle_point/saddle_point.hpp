#pragma once

#include "analyses/analysis.hpp"
#include "theory/saddle_point.hpp"

namespace attnpaths {

Analysis saddle_point_analysis();

/// The saddle point from its columns: order parameters, unknowns and action.
SaddlePoint saddle_point_of(const Problem& problem, const Record& needed);

/// Whether these columns say that the saddle point is certified, not only reached.
bool is_certified(const Record& needed);

/// What the settings ask of a solution.
SaddlePointOptions saddle_point_options(const Settings& settings);

/// Seconds of a solution, and the bytes that are at work meanwhile.
double saddle_point_seconds(const ProblemSize& size);
double saddle_point_bytes(const ProblemSize& size);

/// Seconds of one Hessian of the data term, and the bytes that are at work meanwhile.
double hessian_seconds(const ProblemSize& size);
double hessian_bytes(const ProblemSize& size);
/// Of these, what the Hessian itself takes, which analyses that expand at the saddle point hand on.
double kept_hessian_bytes(const ProblemSize& size);

}  // namespace attnpaths
