#pragma once

#include <functional>
#include <string>

namespace attnpaths {

/// What to tell a user whose launcher is not of this program's MPI: mpirun of another one, or srun without
/// its PMI, starts processes of which each believes that it is alone, and does all the work (or is refused
/// the store). Told from the variables that launchers leave (Open MPI, Hydra, MVAPICH, Slurm's steps,
/// PALS).
/// @param ranks     size of MPI_COMM_WORLD
/// @param library   what this program's MPI is called (mpi::library_version)
/// @param variable  value of an environment variable, nullptr if it is not set
/// @returns one line, "" if nothing is wrong, or if another process of the launch says it
std::string launch_mismatch(int ranks, const std::string& library,
                            const std::function<const char*(const char*)>& variable);

}  // namespace attnpaths
