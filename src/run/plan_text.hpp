#pragma once

#include "run/cost_model.hpp"
#include "sweep/configuration.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace attnpaths {

/// "1 point", "7 points".
std::string count_text(std::size_t points);

/// Prints what a sweep would compute (--dry-run).
void print_plan(const std::string& store, const std::vector<Configuration>& parts,
                const std::vector<GridPoint>& points);

/// Says before long sampling how long it may take: the first point may be an hour away.
/// @param missing  points that are to be computed
void print_sampling_time(const std::vector<GridPoint>& missing, const CostModel& costs, int workers);

/// The whole configuration as it is stored with the results.
std::string configuration_text(const std::vector<Configuration>& parts, const Configuration& common);

}  // namespace attnpaths
