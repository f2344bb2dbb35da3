#pragma once

#include "sweep/configuration.hpp"

namespace attnpaths {

/// Hash of everything that determines a point's result: data, grid values, settings, kernel storage, format
/// version. Equal keys mean equal results, bit for bit, so a point that a store has need not be computed
/// again.
std::string point_key(const Configuration& configuration, const GridPoint& point, Index input_width);

/// The sub-networks studied at a point: those of the configuration, or the task's own for "auto".
std::vector<std::string> sub_networks_of(const Configuration& configuration, const std::vector<Index>& heads);

}  // namespace attnpaths
