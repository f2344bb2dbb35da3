#pragma once

#include "base/standard_streams.hpp"
#include "farm/launch_check.hpp"
#include "farm/mpi.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <string>

namespace attnpaths::cli {

/// Says in one line on standard error if the launcher is not of this program's MPI. After MPI has begun.
inline void tell_launch_mismatch(const char* subcommand) {
    const std::string note = launch_mismatch(mpi::Communicator().size(), mpi::library_version(),
                                             [](const char* name) { return std::getenv(name); });
    if (!note.empty()) print_error("attnpaths {}: note: {}\n", subcommand, note);
}

}  // namespace attnpaths::cli
