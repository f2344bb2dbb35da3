#pragma once

#include "point/point_configuration.hpp"

namespace attnpaths {

/// Bytes that a rank needs to solve a point: its data, path features, kernels, and the largest of what is
/// held for a while; not what the program itself takes, some 60 MB.
double point_bytes(const PointConfiguration& configuration, const GridPoint& point);

/// Before anything is allocated.
/// @throws Error if a point needs more than run.memory_per_rank, or than this machine has
void check_memory(const PointConfiguration& configuration, const GridPoint& point);

}  // namespace attnpaths
