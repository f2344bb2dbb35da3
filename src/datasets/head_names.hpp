#pragma once

#include "network/architecture.hpp"

#include <string>
#include <vector>

namespace attnpaths {

/// Names that a data set file has for its heads (/heads/layerL/names), layer by layer [sum H_l].
/// @param heads  H_1..H_L
/// @returns "" for the heads of layers that have no names, or other numbers of them, and for all heads if the
///          file is none that can be read: names are of no influence on results
std::vector<std::string> read_head_names(const std::string& path, const std::vector<Index>& heads);

}  // namespace attnpaths
