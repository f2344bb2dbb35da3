#pragma once

#include "analyses/analysis.hpp"

namespace attnpaths {

Analysis next_order_analysis();

}  // namespace attnpaths
