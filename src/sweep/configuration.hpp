#pragma once

#include "base/settings.hpp"
#include "network/path_kernels.hpp"
#include "sweep/grid_point.hpp"
#include "sweep/shard.hpp"
#include "tasks/task.hpp"

#include <limits>
#include <memory>
#include <string>
#include <vector>

namespace attnpaths {

struct Analysis;
struct AnalysisInputs;
struct ProblemSize;

/// Every key of a sweep, with defaults and help texts.
const std::vector<SettingKey>& sweep_keys();

/// What is computed at every point besides its grid values.
struct PointConfiguration {
    PriorVariances variances;               ///< `layers` holds one value for all layers, or one each
    std::vector<const Analysis*> analyses;  ///< to be run, what they need included
    double memory_per_rank = 0;             ///< bytes
};

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
    std::vector<std::int64_t> seeds;
};

/// A sweep's configuration, understood and checked.
struct Configuration {
    std::string part;            ///< of the sweep, "" if it has none
    Settings settings;           ///< as given, defaults filled in; names places in messages
    std::string task_name;       ///< as the registry has it
    std::shared_ptr<Task> task;  ///< to be loaded before grid and points are asked for
    PointConfiguration point;
    RunConfiguration run;
    Grid grid;
    std::string store;
};

/// Understands settings and checks all that can be checked without data.
/// @throws UsageError naming file, line and key
Configuration understand(Settings settings);

/// Understands what concerns the run alone (store.file, run.*), for a sweep that begins without a grid; grid
/// and task are left empty.
/// @throws UsageError naming file, line and key
Configuration understand_run(Settings settings);

/// N_1..N_L, N_a of one word of grid.width, "30" or "20:50:30".
/// @throws UsageError naming place, key and word
std::vector<double> parse_widths(const Settings& settings, const std::string& word);

/// Bytes that the kernels of a point take.
double kernel_bytes(const GridPoint& point, Index input_width, KernelStorage storage);

/// What the analyses of a point are told besides the problem; refers to the configuration.
AnalysisInputs analysis_inputs(const Configuration& configuration, const std::vector<Index>& heads);

/// What cost and memory of a point's analyses are counted from; refers to the point.
ProblemSize problem_size(const Configuration& configuration, const GridPoint& point, Index input_width);

/// Where the kernels of a point live within the memory budget.
KernelStorage kernel_storage(const PointConfiguration& configuration, const GridPoint& point,
                             Index input_width);

}  // namespace attnpaths
