#pragma once

#include "analyses/analysis.hpp"

namespace attnpaths {

Analysis sub_networks_analysis();

}  // namespace attnpaths
