#pragma once

#include "point/point_configuration.hpp"
#include "theory/problem.hpp"

#include <memory>
#include <string>
#include <vector>

namespace attnpaths {

/// Makes the problems of grid points one after the other and keeps data, path features and kernels while the
/// next point shares them; a result does not depend on what was kept.
class ProblemCache {
  public:
    /// @param configuration  with its task loaded; referred to
    explicit ProblemCache(const PointConfiguration& configuration) : configuration_(configuration) {}

    Problem problem_of(const GridPoint& point);
    /// The task's references for the test sets of a point, which points of one seed and heads share.
    const std::vector<ReferenceAccuracy>& references_of(const GridPoint& point);
    /// What the last problem was made of: equal for problems that share their kernels.
    [[nodiscard]] const std::string& present() const { return training_id_; }

  private:
    const std::shared_ptr<PathData>& data_of(const GridPoint& point);

    const PointConfiguration& configuration_;
    std::string data_id_;
    std::shared_ptr<PathData> data_;
    std::string references_id_;
    std::vector<ReferenceAccuracy> references_;
    std::string training_id_;
    std::shared_ptr<TrainingKernels> training_;
};

}  // namespace attnpaths
