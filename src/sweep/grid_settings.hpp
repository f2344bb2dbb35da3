#pragma once

#include "sweep/configuration.hpp"

#include <string>
#include <vector>

namespace attnpaths {

/// The settings of the section [grid].
std::vector<SettingKey> grid_settings();

/// @throws UsageError naming place, key and value
Grid read_grid(const Settings& settings);

/// Pieces of "20:50:30", one per layer.
/// @throws UsageError for an empty one ("20:", "20::30")
std::vector<std::string> layer_pieces(const Settings& settings, const std::string& key,
                                      const std::string& word);

}  // namespace attnpaths
