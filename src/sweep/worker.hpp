#pragma once

#include "runtime/mpi.hpp"
#include "runtime/stop_request.hpp"
#include "sweep/protocol.hpp"
#include "sweep/sweep_parts.hpp"

#include <chrono>

namespace attnpaths {

/// Does one task and catches everything it throws: a failure is a result too. Adds status, message, seconds
/// and host to a point's record.
PointResult compute_point(PartsSolver& solver, const PointTask& task, const PointHooks& hooks);

/// A worker rank's life: asks for work, computes, sends results, until told to stop.
/// @param checkpoint_period  seconds
void run_worker(const mpi::Communicator& world, PartsSolver& solver, const Deadline& deadline,
                double checkpoint_period);

/// Says that it is time for a checkpoint whenever a period has passed since it last did.
class CheckpointClock {
  public:
    explicit CheckpointClock(double period) : period_(period) {}
    bool is_due();

  private:
    std::chrono::duration<double> period_;
    std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

}  // namespace attnpaths
