#pragma once

#include "network/path_kernels.hpp"

namespace attnpaths {

/// Where the path kernels of a problem are to be kept: in memory where that is faster and fits.
/// @param examples       P
/// @param input_width    N0
/// @param memory_budget  bytes for all of a problem
KernelStorage fitting_storage(const Architecture& architecture, Index examples, Index input_width,
                              double memory_budget);

}  // namespace attnpaths
