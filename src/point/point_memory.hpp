#pragma once

#include "point/point_configuration.hpp"

namespace attnpaths {

struct Analysis;

/// Bytes that a rank needs to make the problem of a point: its data, path features, kernels, and what its
/// analyses keep for other points; not what the program itself takes, some 60 MB.
double problem_bytes(const PointConfiguration& configuration, const GridPoint& point);

/// Bytes that it needs while one of the analyses is at work, the problem's included.
double analysis_bytes(const PointConfiguration& configuration, const GridPoint& point,
                      const Analysis& analysis);

/// Before anything is allocated.
/// @throws Error if a problem needs more than run.memory_per_rank, or than this machine has
void check_memory(const PointConfiguration& configuration, const GridPoint& point);
/// @throws Error if an analysis does; the others may fit
void check_memory(const PointConfiguration& configuration, const GridPoint& point, const Analysis& analysis);

}  // namespace attnpaths
