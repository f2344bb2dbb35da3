#pragma once

#include "sweep/mpi.hpp"
#include "sweep/point_solver.hpp"
#include "sweep/protocol.hpp"
#include "sweep/stop_request.hpp"

namespace attnpaths {

/// A point's record with how the work on it ended.
struct PointResult {
    Outcome outcome;
    Record record;
};

/// Solves one point and catches everything it throws: a failure is a result too. Adds status, message,
/// seconds and host.
/// @param poll  throws Interrupted to give the point up
PointResult compute_point(PointSolver& solver, const GridPoint& point, const std::function<void()>& poll);

/// A worker rank's life: asks for work, computes, sends results, until told to stop.
void run_worker(const mpi::Communicator& world, PointSolver& solver, const Deadline& deadline);

}  // namespace attnpaths
