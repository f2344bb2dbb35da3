#pragma once

#include "base/settings.hpp"
#include "point/point_configuration.hpp"
#include "sweep/shard.hpp"

#include <limits>
#include <string>
#include <vector>

namespace attnpaths {

/// The keys of a sweep, in groups: task, grid, prior, analyses, store and run.
const std::vector<SettingGroup>& sweep_key_groups();
/// Every key of a sweep, with defaults and help texts.
const std::vector<SettingKey>& sweep_keys();

/// What concerns a run but no result.
struct RunConfiguration {
    double time_limit = std::numeric_limits<double>::infinity();  ///< seconds
    double checkpoint_period = 300;  ///< seconds of sampling between two checkpoints
    double time_margin = 60;         ///< seconds kept free before the end of a batch job
    Shard shard;                     ///< the part of the grid to compute
    double point_limit = 86400;      ///< seconds that a worker may be at one task without a checkpoint
};

/// The grid: the product of its lists.
struct Grid {
    std::vector<std::string> widths;  ///< "30" or "20:50:30"
    std::vector<Index> examples;
    std::vector<std::string> heads;  ///< "2" or "2:1"
    std::vector<Index> depths;       ///< empty: as the head lists say
    std::vector<double> temperatures;
    std::vector<double> readout_variances;  ///< sigma_a^2
    std::vector<std::int64_t> seeds;
};

/// A sweep's configuration, read and checked.
struct Configuration : PointConfiguration {
    std::string part;  ///< of the sweep, "" if it has none
    RunConfiguration run;
    Grid grid;
    std::string store;
};

/// Reads settings and checks all that can be checked without data.
/// @throws UsageError naming file, line and key
Configuration read_configuration(Settings settings);

/// Reads what concerns the run alone (store.file, run.*), for a sweep that begins without a grid; grid
/// and task are left empty.
/// @throws UsageError naming file, line and key
Configuration read_run_configuration(Settings settings);

/// N_1..N_L, N_a of one word of grid.width, "30" or "20:50:30".
/// @throws UsageError naming place, key and word
std::vector<double> parse_widths(const Settings& settings, const std::string& word);

}  // namespace attnpaths
