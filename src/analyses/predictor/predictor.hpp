#pragma once

#include "analyses/analysis.hpp"

namespace attnpaths {

Analysis predictor_analysis();

}  // namespace attnpaths
