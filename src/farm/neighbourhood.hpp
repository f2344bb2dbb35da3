#pragma once

#include "farm/mpi.hpp"

#include <span>
#include <vector>

namespace attnpaths::mpi {

/// The ranks that this rank hears from and speaks to: a distributed-graph communicator with neighbourhood
/// collectives (MPI 3). Making it, and exchanging, is collective.
class Neighbourhood {
  public:
    /// @param sources       ranks that it hears from, none twice
    /// @param destinations  ranks that hear from it; every rank's must fit the others' sources
    Neighbourhood(const std::vector<int>& sources, const std::vector<int>& destinations);

    [[nodiscard]] std::size_t sources() const { return sources_; }
    /// Gives these numbers to the destinations and receives as many of every source, one after the other in
    /// the order of `sources`.
    /// @param received  [sources * numbers]
    void exchange(std::span<const float> numbers, std::span<float> received) const;

  private:
    // It goes with MPI: to free it takes all ranks, and after a failure they may be anywhere.
    MPI_Comm graph_ = MPI_COMM_NULL;
    std::size_t sources_;
};

}  // namespace attnpaths::mpi
