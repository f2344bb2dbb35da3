#pragma once

#include "farm/mpi.hpp"
#include "run/protocol.hpp"
#include "sweep/sweep_parts.hpp"

#include <string>

namespace attnpaths {

/// Does one task and catches everything it throws: a failure is a result too. Adds status, message, seconds
/// and host to a point's record.
PointResult compute_point(PartsSolver& solver, const PointTask& task, const PointHooks& hooks);

/// Of a result or checkpoint that travels in one message and lies in one entry of the journal.
inline constexpr std::uint64_t largest_result = mpi::largest_message / 2;

/// A result larger than a message holds becomes a failure of its point, wherever it was computed; a
/// checkpoint of an interrupted point that is as large is given up: the point begins again.
void limit_size(PointResult& result, const GridPoint& point, std::uint64_t largest = largest_result);

}  // namespace attnpaths
