#include "training/descent/rank_weights.hpp"

#include "base/error.hpp"
#include "training/topology/effective_neighbours.hpp"

#include <fmt/format.h>

namespace attnpaths {

const WeightVector<float>& weights_of_rank(const mpi::Communicator& world, const TrainingState& state,
                                           bool has_topology, const std::string& path) {
    if (!has_topology) return state.weights;
    if (std::ssize(state.rank_weights) != world.size())
        throw DataError(
            fmt::format("{}: /training/rank_weights has {} rows, one for each of {} ranks expected", path,
                        state.rank_weights.size(), world.size()));
    return state.rank_weights[static_cast<std::size_t>(world.rank())];
}

void collect_rank_weights(const mpi::Communicator& world, const Descent& descent, TrainingState& state) {
    state.weights = descent.common();
    state.topology->consensus_distance = consensus_distance(world, descent.weights);
    for (int rank = 0; rank < world.size(); ++rank) {
        WeightVector<float> weights = descent.weights;
        if (rank != world.rank()) weights.setZero();
        world.sum(std::span<float>(weights.data(), static_cast<std::size_t>(weights.size())));
        state.rank_weights[static_cast<std::size_t>(rank)] = std::move(weights);
    }
}

TopologyNumbers topology_numbers(const mpi::Communicator& world, Descent& descent, const Matrix& W,
                                 double learning_rate, const EpisodeStream& stream, Index batch) {
    TopologyNumbers numbers;
    numbers.spectral_gap = spectral_gap(W);
    numbers.curvature = descent.curvature(descent.common(), stream, 0, batch);
    numbers.decay = decay_of(learning_rate, numbers.curvature);
    numbers.effective_neighbours = effective_neighbours(W, numbers.decay);
    numbers.consensus_distance = consensus_distance(world, descent.weights);
    return numbers;
}

}  // namespace attnpaths
