#pragma once

#include "farm/liveness_link.hpp"
#include "farm/mpi.hpp"
#include "run/start_message.hpp"

namespace attnpaths {

/// A worker rank's life: reads the data, asks for work, computes, sends results, until told to stop. What
/// does not stop then is left behind: the master has its latest checkpoint.
/// @param liveness  tells the master what this worker is at
void run_worker(const mpi::Communicator& world, const StartMessage& start, LivenessLink& liveness);

}  // namespace attnpaths
