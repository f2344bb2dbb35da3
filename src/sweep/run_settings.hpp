#pragma once

#include "sweep/configuration.hpp"

#include <vector>

namespace attnpaths {

/// The settings of the section [run].
std::vector<SettingKey> run_settings();

/// @throws UsageError naming place, key and value
RunConfiguration read_run(const Settings& settings);

/// run.memory_per_rank in bytes.
/// @throws UsageError naming place, key and value
double read_memory_per_rank(const Settings& settings);

}  // namespace attnpaths
