#pragma once

#include "point/point_solver.hpp"

#include <optional>

namespace attnpaths {

/// The whole point, from the beginning.
inline PointTask whole(const GridPoint& point) {
    return {point, {}, std::nullopt, false};
}

inline Record solve(PointSolver& solver, const GridPoint& point, const PointHooks& hooks = {}) {
    Checkpoint checkpoint;
    return solver.solve(whole(point), hooks, checkpoint).value();
}

/// By a solver that has seen nothing else.
inline Record solve(const PointConfiguration& configuration, const GridPoint& point,
                    const PointHooks& hooks = {}) {
    PointSolver solver(configuration);
    return solve(solver, point, hooks);
}

}  // namespace attnpaths
