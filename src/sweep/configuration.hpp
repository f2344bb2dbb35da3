#pragma once

#include "network/path_kernels.hpp"
#include "sampling/chain_ensemble.hpp"
#include "sweep/grid_point.hpp"
#include "base/settings.hpp"
#include "sweep/shard.hpp"
#include "sweep/task_settings.hpp"
#include "task/dataset.hpp"

#include <memory>
#include <string>
#include <vector>

namespace attnpaths {

/// Every key of a sweep, with defaults and help texts.
const std::vector<SettingKey>& sweep_keys();

/// How one method samples.
struct MethodConfiguration {
    SamplingOptions options;
    int warmup = 0;  ///< transitions per chain
};

/// Which draws are stored.
enum class StoredDraws {
    none,
    order_parameters,  ///< U_1 and the log density
    weights            ///< all weights of the network too
};

/// Monte Carlo at every point.
struct SamplingConfiguration {
    std::vector<std::string> methods;     ///< "order-parameter", "weights"
    MethodConfiguration order_parameter;  ///< the exact posterior over the order parameters
    MethodConfiguration weights;          ///< over all weights
    int predictor_draws = 200;            ///< draws of order parameters over which predictors are averaged
    StoredDraws draws = StoredDraws::none;
    int thin = 1;  ///< every such draw is stored
};

/// What is computed at every point besides its grid values.
struct PointConfiguration {
    PriorVariances variances;  ///< `layers` holds one value for all layers, or one each
    double tolerance = 1e-10;
    bool second_start = false;
    Index spectrum = 30;                    ///< leading eigenvalues stored
    std::vector<std::string> sub_networks;  ///< "NAME=1.1,2.1"
    SamplingConfiguration sampling;
    bool predictions = true;
    double memory_per_rank = 0;  ///< bytes
};

/// What concerns a run but no result.
struct RunConfiguration {
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
    std::string part;   ///< of the sweep, "" if it has none
    Settings settings;  ///< as given, defaults filled in; names places in messages
    TaskConfiguration task;
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

/// Reads, checks and hashes the data set of a "dataset" task; nullptr for generated tasks.
/// @throws InputError, DataError
std::shared_ptr<const Dataset> load_dataset(Configuration& configuration);

/// N0 of the task.
Index input_width(const Configuration& configuration, const Dataset* dataset);

/// N_1..N_L, N_a of one word of grid.width, "30" or "20:50:30".
/// @throws UsageError naming place, key and word
std::vector<double> parse_widths(const Settings& settings, const std::string& word);

/// Bytes that the kernels of a point take.
double kernel_bytes(const GridPoint& point, Index input_width, KernelStorage storage);

/// Where the kernels of a point live within the memory budget.
KernelStorage kernel_storage(const PointConfiguration& configuration, const GridPoint& point,
                             Index input_width);

}  // namespace attnpaths
