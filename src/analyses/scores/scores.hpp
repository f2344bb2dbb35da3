#pragma once

#include "analyses/analysis.hpp"

namespace attnpaths {

Analysis scores_analysis();

}  // namespace attnpaths
