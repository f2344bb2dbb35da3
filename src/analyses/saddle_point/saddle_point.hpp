#pragma once

#include "analyses/analysis.hpp"
#include "theory/order_parameters.hpp"

namespace attnpaths {

Analysis saddle_point_analysis();

/// What other analyses need of the saddle point.
struct SaddlePointResult {
    Vector unknowns;  ///< whitened coordinates
    OrderParameters order_parameters;
};

/// The saddle point from its columns.
SaddlePointResult saddle_point_of(const Problem& problem, const Record& needed);

}  // namespace attnpaths
