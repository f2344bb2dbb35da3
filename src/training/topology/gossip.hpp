#pragma once

#include "farm/neighbourhood.hpp"
#include "network/architecture.hpp"
#include "training/network_parameters.hpp"

#include <vector>

namespace attnpaths {

/// Averages of a rank's weights with its neighbours', by a gossip matrix. Collective.
class Gossip {
  public:
    /// @param W  [ranks, ranks], row i what rank i takes of whom
    Gossip(const mpi::Communicator& world, const Matrix& W);

    /// Replaces the weights of every rank by sum_j W_ij w_j: in the order of ranks, so that ranks with equal
    /// rows have equal bits.
    void average(WeightVector<float>& weights) const;

  private:
    std::vector<double> shares_;  // of the sources, ascending by rank; own among them
    std::size_t own_ = 0;         // place of this rank among them, or where it would stand
    double own_share_ = 0;
    mpi::Neighbourhood neighbourhood_;
};

/// The mean of all ranks' weights, the same on each. Collective.
WeightVector<float> mean_over_ranks(const mpi::Communicator& world, const WeightVector<float>& weights);

/// Root mean square distance of ranks' weights from their mean, relative to the mean's norm: the same on all
/// ranks. Collective.
double consensus_distance(const mpi::Communicator& world, const WeightVector<float>& weights);

}  // namespace attnpaths
