#pragma once

#include "analyses/analysis.hpp"

namespace attnpaths {

Analysis weight_samples_analysis();

}  // namespace attnpaths
