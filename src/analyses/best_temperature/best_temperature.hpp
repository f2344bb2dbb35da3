#pragma once

#include "analyses/analysis.hpp"

namespace attnpaths {

Analysis best_temperature_analysis();

}  // namespace attnpaths
