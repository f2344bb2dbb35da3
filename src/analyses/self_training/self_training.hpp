#pragma once

#include "analyses/analysis.hpp"

namespace attnpaths {

Analysis self_training_analysis();

}  // namespace attnpaths
