#pragma once

#include "analyses/analysis.hpp"

namespace attnpaths {

Analysis alignment_analysis();

}  // namespace attnpaths
