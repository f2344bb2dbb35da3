#pragma once

#include "training/descent/descent.hpp"
#include "training/descent/training_state.hpp"

#include <string>

namespace attnpaths {

/// The weights that a rank goes on with: its own of a run with a topology, else those of all.
/// @param path  of the training file, for the message
/// @throws DataError if the state has weights of other ranks than there are
const WeightVector<float>& weights_of_rank(const mpi::Communicator& world, const TrainingState& state,
                                           bool has_topology, const std::string& path);

/// Brings weights of all ranks into the state, their mean, and how far they are apart. Collective.
void collect_rank_weights(const mpi::Communicator& world, const Descent& descent, TrainingState& state);

/// What theory says of a topology at a descent's present weights, by a batch's curvature. Collective.
/// @param W  its gossip matrix
TopologyNumbers topology_numbers(const mpi::Communicator& world, Descent& descent, const Matrix& W,
                                 double learning_rate, const EpisodeStream& stream, Index batch);

}  // namespace attnpaths
