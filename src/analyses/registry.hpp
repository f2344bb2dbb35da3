#pragma once

#include "analyses/analysis.hpp"

#include <string_view>
#include <vector>

namespace attnpaths {

/// All analyses, in the order in which those of a point are run.
const std::vector<Analysis>& analyses();

/// The analysis of this name, or nullptr.
const Analysis* find_analysis(std::string_view name);

/// The settings of each analysis; those that several have are with the first of them.
std::vector<SettingGroup> analysis_setting_groups();

/// The settings of all analyses, each key once.
std::vector<SettingKey> analysis_settings();

}  // namespace attnpaths
