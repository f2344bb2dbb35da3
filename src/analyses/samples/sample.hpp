#pragma once

#include "base/record.hpp"
#include "sweep/point_task.hpp"
#include "sweep/sampling_problem.hpp"

namespace attnpaths {

/// Samples a point by all methods of its configuration, from the checkpoint on, and enters their columns
/// (sampling/METHOD/*). A failure of a sampler is a verdict, not an error: the theory's results stand.
/// @param checkpoint  brought up to date before this returns or throws, and whenever the hooks want it saved
/// @returns false if the point is handed back: the checkpoint says how far it has come
/// @throws whatever the hooks' poll throws
bool sample_point(const PointConfiguration& configuration, const SamplingProblem& problem, bool is_spread,
                  const PointHooks& hooks, Checkpoint& checkpoint, Record& record);

/// Brings one chain to its goal.
/// @param checkpoint  of that chain; brought up to date as above
void sample_chain(const PointConfiguration& configuration, const SamplingProblem& problem,
                  const ChainTask& task, const PointHooks& hooks, Checkpoint& checkpoint);

}  // namespace attnpaths
