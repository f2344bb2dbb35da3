#pragma once

#include "analyses/analysis.hpp"

namespace attnpaths {

Analysis order_parameter_samples_analysis();

}  // namespace attnpaths
