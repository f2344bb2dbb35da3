#pragma once

#include "sweep/protocol.hpp"
#include "sweep/sweep_parts.hpp"

#include <string>

namespace attnpaths {

/// Does one task and catches everything it throws: a failure is a result too. Adds status, message, seconds
/// and host to a point's record.
PointResult compute_point(PartsSolver& solver, const PointTask& task, const PointHooks& hooks);

/// The result of a point that failed with this message.
PointResult failed_point(const GridPoint& point, const std::string& message);

}  // namespace attnpaths
