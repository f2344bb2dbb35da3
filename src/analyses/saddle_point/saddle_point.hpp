#pragma once

#include "analyses/analysis.hpp"
#include "theory/saddle_point.hpp"

namespace attnpaths {

Analysis saddle_point_analysis();

/// The saddle point from its columns: order parameters, unknowns and action. Its certificate is left out.
SaddlePoint saddle_point_of(const Problem& problem, const Record& needed);

/// Seconds of one Hessian of the energy, and the bytes that are at work meanwhile.
double hessian_seconds(const ProblemSize& size);
double hessian_bytes(const ProblemSize& size);

}  // namespace attnpaths
