#pragma once

#include "analyses/analysis.hpp"

#include <set>
#include <vector>

namespace attnpaths {

/// The setting that says which analyses are run.
const SettingKey& run_setting();

/// The setting that leaves all samplers out.
const SettingKey& samples_setting();

/// The analyses that run_setting() names ("default" for those that are run by default), but for samplers
/// where samples_setting() says so, with all that they need, each once, in the order of the registry.
/// @throws UsageError if a word names no analysis, or none is left
std::vector<const Analysis*> selected_analyses(const Settings& settings);

/// Those of them that are named, or needed by one that is: not merely run by default.
std::set<const Analysis*> required_analyses(const Settings& settings);

}  // namespace attnpaths
