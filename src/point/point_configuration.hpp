#pragma once

#include "base/settings.hpp"
#include "network/path_kernels.hpp"
#include "point/grid_point.hpp"
#include "tasks/task.hpp"

#include <memory>
#include <set>
#include <string>
#include <vector>

namespace attnpaths {

struct Analysis;
struct AnalysisInputs;
struct ProblemSize;

/// What points are computed with besides their grid values.
struct PointConfiguration {
    Settings settings;                      ///< as given, defaults filled in; names places in messages
    std::string task_name;                  ///< as the registry has it
    std::shared_ptr<Task> task;             ///< to be loaded before grid and points are asked for
    PriorVariances variances;               ///< `layers` holds one value for all layers, or one each
    std::vector<const Analysis*> analyses;  ///< to be run, what they need included
    std::set<const Analysis*> required;     ///< of them, those that may not be left out
    double memory_per_rank = 0;             ///< bytes
};

/// How many training examples the data of a point with P of them must have: more than P where an analysis
/// looks at examples without their labels, and the data have none of that kind.
Index needed_examples(const PointConfiguration& configuration, Index examples);

/// @throws UsageError if the task cannot have so many
void check_unlabelled_examples(const PointConfiguration& configuration, Index examples);

/// Bytes that the kernels of a point take.
double kernel_bytes(const GridPoint& point, Index input_width, KernelStorage storage);

/// Where the kernels of a point live within the memory budget.
KernelStorage kernel_storage(const PointConfiguration& configuration, const GridPoint& point,
                             Index input_width);

/// What the analyses of a point are told besides the problem; refers to the configuration.
AnalysisInputs analysis_inputs(const PointConfiguration& configuration, const std::vector<Index>& heads);

/// What cost and memory of a point's analyses are counted from; refers to the point.
ProblemSize problem_size(const PointConfiguration& configuration, const GridPoint& point, Index input_width);

}  // namespace attnpaths
