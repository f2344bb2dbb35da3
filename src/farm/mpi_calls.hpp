#pragma once

#include "farm/mpi.hpp"

/// For classes of this folder that call MPI themselves.
namespace attnpaths::mpi {

/// @throws Error naming the routine if it failed
void check(int status, const char* routine);

/// The ranks of this program while an Environment lives.
MPI_Comm all_ranks();

}  // namespace attnpaths::mpi
