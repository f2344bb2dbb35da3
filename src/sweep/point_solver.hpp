#pragma once

#include "network/path_kernels.hpp"
#include "store/record.hpp"
#include "sweep/configuration.hpp"
#include "sweep/point_task.hpp"
#include "theory/saddle_point.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace attnpaths {

/// Solves grid points one after the other: data -> path features -> path kernels -> Gaussian process ->
/// saddle point -> predictors -> Record. Keeps data, features, kernels and Gaussian processes while the next
/// point shares them; a result does not depend on what was kept.
class PointSolver {
  public:
    /// @param configuration  with its task loaded
    explicit PointSolver(Configuration configuration);
    ~PointSolver();
    PointSolver(const PointSolver&) = delete;
    PointSolver& operator=(const PointSolver&) = delete;

    /// Does a task about a point.
    /// @param checkpoint  how far the sampling has come when this returns or throws; the task's to begin with
    /// @returns all columns of the point but those that only the master knows (status, attempts, checksum);
    /// nothing if the point is handed back, or if one chain was asked for: the checkpoint has what was done
    /// @throws Error if the point cannot be solved, and whatever the hooks' poll throws
    std::optional<Record> solve(const PointTask& task, const PointHooks& hooks, Checkpoint& checkpoint);

  private:
    struct Features;
    struct Kernels;

    const Dataset& data_for(const GridPoint& point);
    const Features& features_for(const GridPoint& point);
    const Kernels& kernels_for(const GridPoint& point);
    SaddlePoint solve_theory(const GridPoint& point, const Kernels& kernels,
                             const std::function<void()>& poll) const;
    const Record& gaussian_process(const GridPoint& point, const Kernels& kernels);

    Configuration configuration_;
    std::shared_ptr<const Dataset> data_;
    std::string data_id_;  ///< what was asked of the task for it
    std::unique_ptr<Features> features_;
    std::unique_ptr<Kernels> kernels_;
    std::map<double, Record> gaussian_processes_;  // by temperature, of the present kernels
};

}  // namespace attnpaths
