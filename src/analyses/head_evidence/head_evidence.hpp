#pragma once

#include "analyses/analysis.hpp"

namespace attnpaths {

Analysis head_evidence_analysis();

}  // namespace attnpaths
