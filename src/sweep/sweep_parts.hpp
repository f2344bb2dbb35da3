#pragma once

#include "point/point_solver.hpp"
#include "sweep/grid.hpp"
#include "sweep/part_encoding.hpp"
#include "sweep/settings_file.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace attnpaths {

/// Reads and checks the settings of all parts and loads their tasks; parts whose tasks have the same settings
/// share one.
/// @throws UsageError, InputError, DataError
std::vector<Configuration> load_parts(std::vector<PartSettings> settings);

/// The same for parts that another process loaded before.
/// @throws DataError if the data of a part are not those that the other one read, too
std::vector<Configuration> load_same_parts(const std::vector<EncodedPart>& parts);

/// Parts as they travel, with the hashes of their data.
std::vector<EncodedPart> encodable(const std::vector<Configuration>& parts);

/// The points of all parts, one part after the other; a point that several have belongs to the first.
std::vector<GridPoint> grid_points(const std::vector<Configuration>& parts);

/// Solves the points of all parts. Keeps what neighbours share within one part only, so that memory does not
/// grow with their number.
class PartsSolver {
  public:
    explicit PartsSolver(std::vector<Configuration> parts) : parts_(std::move(parts)) {}

    /// Makes the parts of a submission known. Their data are read with the first of their points and
    /// forgotten with the first of others.
    void add(const std::string& submission, std::vector<EncodedPart> parts);

    /// @throws Error, also if the data of a submission cannot be read or are not those that the sender read
    PointSolver& solver_for(const GridPoint& point);

  private:
    const std::vector<Configuration>& parts_of(const std::string& submission);

    std::vector<Configuration> parts_;                           // of the sweep itself
    std::map<std::string, std::vector<EncodedPart>> submitted_;  // by submission
    std::vector<Configuration> present_submitted_;
    std::string present_submission_;
    std::string present_part_;
    std::unique_ptr<PointSolver> solver_;
};

}  // namespace attnpaths
