#include "farm/launch.hpp"

#include <cstdlib>
#include <string>
#include <sys/resource.h>

namespace attnpaths {

bool all_ranks_are_here(int ranks) {
    // Open MPI; MPICH and its kin.
    for (const char* name : {"OMPI_COMM_WORLD_LOCAL_SIZE", "MPI_LOCALNRANKS"})
        if (const char* const local = std::getenv(name)) return local == std::to_string(ranks);
    return false;
}

std::uint64_t raise_descriptor_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
    if (limit.rlim_cur < limit.rlim_max) {
        const rlim_t before = limit.rlim_cur;
        limit.rlim_cur = limit.rlim_max;
        if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) limit.rlim_cur = before;
    }
    return limit.rlim_cur;
}

}  // namespace attnpaths
