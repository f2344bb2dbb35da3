#pragma once

#include "analyses/analysis.hpp"

namespace attnpaths {

Analysis gaussian_process_analysis();

}  // namespace attnpaths
