#pragma once

#include "sampling/chain_ensemble.hpp"

#include <cmath>

namespace attnpaths {

/// How far chains in a checkpoint have come, and what their draws so far say together.
struct ChainProgress {
    int chains = 0;
    int draws = 0;      ///< of the chain that has the fewest
    int goal = 0;       ///< draws per chain until the diagnostics are looked at
    double rhat = NAN;  ///< worst over the tracked quantities and the log density, of as many draws of every
                        ///< chain; NaN while there are too few
    double ess = NAN;   ///< least bulk effective sample size over the same
};

/// Of draws that are no chains (independent ones, importance-weighted) only their numbers are told.
ChainProgress chain_progress(const EnsembleState& state);

}  // namespace attnpaths
