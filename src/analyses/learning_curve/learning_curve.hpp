#pragma once

#include "analyses/analysis.hpp"

namespace attnpaths {

Analysis learning_curve_analysis();

}  // namespace attnpaths
