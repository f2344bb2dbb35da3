#pragma once

#include "base/record.hpp"
#include "sweep/configuration.hpp"
#include "sweep/point_task.hpp"
#include "sweep/problem_cache.hpp"
#include "theory/saddle_point.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace attnpaths {

/// Solves grid points one after the other: data -> path features -> path kernels -> Gaussian process ->
/// saddle point -> predictors -> Record. Keeps what the next point shares; a result does not depend on it.
class PointSolver {
  public:
    /// @param dataset  of a "dataset" task, or nullptr
    PointSolver(Configuration configuration, std::shared_ptr<const Dataset> dataset);
    PointSolver(const PointSolver&) = delete;
    PointSolver& operator=(const PointSolver&) = delete;

    /// Does a task about a point.
    /// @param checkpoint  how far the sampling has come when this returns or throws; the task's to begin with
    /// @returns all columns of the point but those that only the master knows (status, attempts, checksum);
    /// nothing if the point is handed back, or if one chain was asked for: the checkpoint has what was done
    /// @throws Error if the point cannot be solved, and whatever the hooks' poll throws
    std::optional<Record> solve(const PointTask& task, const PointHooks& hooks, Checkpoint& checkpoint);

  private:
    SaddlePoint solve_theory(const Problem& problem, const std::function<void()>& poll) const;
    const Record& gaussian_process(const Problem& problem);

    Configuration configuration_;
    std::shared_ptr<const Dataset> file_dataset_;
    ProblemCache problems_;
    std::string present_;                          // data and P that the Gaussian processes are of
    std::map<double, Record> gaussian_processes_;  // by temperature
};

}  // namespace attnpaths
