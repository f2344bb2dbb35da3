#pragma once

#include "runtime/lifeline.hpp"
#include "runtime/mpi.hpp"
#include "runtime/stop_request.hpp"
#include "sweep/sweep_parts.hpp"

namespace attnpaths {

/// A worker rank's life: asks for work, computes, sends results, until told to stop.
/// @param lifeline           tells the master what this worker is at
/// @param checkpoint_period  seconds
void run_worker(const mpi::Communicator& world, PartsSolver& solver, Lifeline& lifeline,
                const Deadline& deadline, double checkpoint_period);

}  // namespace attnpaths
