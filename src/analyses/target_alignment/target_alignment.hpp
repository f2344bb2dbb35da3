#pragma once

#include "analyses/analysis.hpp"

namespace attnpaths {

Analysis target_alignment_analysis();

}  // namespace attnpaths
