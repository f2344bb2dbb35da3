#pragma once

#include "point/point_configuration.hpp"

#include <string>

namespace attnpaths {

struct Analysis;

/// Bytes that a rank needs to make the problem of a point: its data, path features, kernels, and what its
/// analyses keep for other points; not what the program itself takes, some 60 MB.
double problem_bytes(const PointConfiguration& configuration, const GridPoint& point);

/// Bytes that it needs while one of the analyses is at work, the problem's included.
double analysis_bytes(const PointConfiguration& configuration, const GridPoint& point,
                      const Analysis& analysis);

/// The most that it needs at any time: analyses that do not fit are left out.
double point_bytes(const PointConfiguration& configuration, const GridPoint& point);

/// Known before anything is allocated: why a problem does not fit into run.memory_per_rank or into this
/// machine, with what to do; "" if it does.
std::string memory_refusal(const PointConfiguration& configuration, const GridPoint& point);
/// Why an analysis does not; the others may.
std::string memory_refusal(const PointConfiguration& configuration, const GridPoint& point,
                           const Analysis& analysis);

}  // namespace attnpaths
