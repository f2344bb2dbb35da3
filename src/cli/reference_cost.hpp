#pragma once

#include "analyses/analysis.hpp"

namespace attnpaths::cli {

/// Seconds by a count of operations that an analysis takes on the paper's task: P = 100, 1000 test points,
/// four paths, N = 100, N0 = 231.
double reference_cost(const Analysis& analysis);

}  // namespace attnpaths::cli
