#pragma once

#include "analyses/analysis.hpp"

namespace attnpaths {

Analysis evidence_analysis();

}  // namespace attnpaths
