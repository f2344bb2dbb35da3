#pragma once

#include "farm/progress.hpp"
#include "sweep/settings_file.hpp"

#include <functional>

namespace attnpaths {

/// What a sweep does besides what its settings say.
struct SweepOptions {
    bool dry_run = false;       ///< print the plan, compute nothing
    bool retry_failed = false;  ///< take failed points up again
    bool wait = false;          ///< go on for submissions when nothing is left; needs no grid of its own
    ProgressStyle progress = ProgressStyle::automatic;
};

/// A whole run of a sweep on this rank of an MPI world (MPI must be initialised): reads the settings
/// (the master's count), checks the data, opens the store, computes what is missing. Errors on the master end
/// all ranks with one message.
/// @param read_settings  called on the master only
/// @returns the exit code of the program
int run_sweep(const std::function<std::vector<PartSettings>()>& read_settings, const SweepOptions& options);

}  // namespace attnpaths
