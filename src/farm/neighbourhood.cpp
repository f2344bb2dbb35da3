#include "farm/neighbourhood.hpp"

#include "base/error.hpp"
#include "farm/mpi_calls.hpp"

namespace attnpaths::mpi {

Neighbourhood::Neighbourhood(const std::vector<int>& sources, const std::vector<int>& destinations)
    : sources_(sources.size()) {
    // Ranks keep their numbers: what they have is theirs.
    constexpr int reorder = 0;
    check(
        MPI_Dist_graph_create_adjacent(all_ranks(), static_cast<int>(sources.size()), sources.data(),
                                       MPI_UNWEIGHTED, static_cast<int>(destinations.size()),
                                       destinations.data(), MPI_UNWEIGHTED, MPI_INFO_NULL, reorder, &graph_),
        "MPI_Dist_graph_create_adjacent");
    check(MPI_Comm_set_errhandler(graph_, MPI_ERRORS_RETURN), "MPI_Comm_set_errhandler");
}

void Neighbourhood::exchange(std::span<const float> numbers, std::span<float> received) const {
    if (received.size() != sources_ * numbers.size() || numbers.size() > largest_message)
        throw Error(ExitCode::internal, "an exchange with neighbours has other sizes than announced");
    const auto count = static_cast<int>(numbers.size());
    // Who hears nobody takes part all the same, and MPICH refuses a null pointer then too.
    float nothing = 0;
    float* const into = received.empty() ? &nothing : received.data();
    check(MPI_Neighbor_allgather(numbers.data(), count, MPI_FLOAT, into, count, MPI_FLOAT, graph_),
          "MPI_Neighbor_allgather");
}

}  // namespace attnpaths::mpi
