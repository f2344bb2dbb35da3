#pragma once

#include "sweep/grid.hpp"
#include "sweep/point_solver.hpp"
#include "sweep/settings_file.hpp"

#include <memory>
#include <string>
#include <vector>

namespace attnpaths {

/// One part of a sweep: its configuration and data.
struct SweepPart {
    Configuration configuration;
    std::shared_ptr<const Dataset> dataset;  ///< nullptr for generated tasks
};

/// Understands the settings of all parts and reads their data, each file once.
/// @throws UsageError, InputError, DataError
std::vector<SweepPart> load_parts(std::vector<PartSettings> settings);

/// The points of all parts, one part after the other; a point that several have belongs to the first.
std::vector<GridPoint> grid_points(const std::vector<SweepPart>& parts);

/// Solves the points of all parts. Keeps what neighbours share within one part only, so that memory does not
/// grow with their number.
class PartsSolver {
  public:
    explicit PartsSolver(std::vector<SweepPart> parts) : parts_(std::move(parts)) {}

    PointSolver& solver_for(const GridPoint& point);

  private:
    std::vector<SweepPart> parts_;
    std::string present_;
    std::unique_ptr<PointSolver> solver_;
};

}  // namespace attnpaths
