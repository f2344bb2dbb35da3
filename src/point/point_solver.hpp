#pragma once

#include "base/record.hpp"
#include "point/point_configuration.hpp"
#include "point/point_task.hpp"
#include "point/problem_cache.hpp"

#include <any>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace attnpaths {

struct Analysis;

/// Runs the analyses of grid points, one point after the other. Keeps what the next point shares; a result
/// does not depend on it. An analysis without an answer leaves its own status and message, and the others
/// stand.
class PointSolver {
  public:
    /// @param configuration  with its task loaded
    explicit PointSolver(PointConfiguration configuration);
    PointSolver(const PointSolver&) = delete;
    PointSolver& operator=(const PointSolver&) = delete;

    /// Does a task about a point.
    /// @param checkpoint  how far the point has come when this returns or throws; the task's to begin with
    /// @returns the columns of the point and of the analyses of its plan, but those that only the master
    /// knows (status, attempts, checksum), with point/message where an analysis failed; nothing if the point
    /// is handed back, or if a part of it was asked for: the checkpoint has what was done
    /// @throws Error if the problem itself cannot be made, and whatever the hooks' poll throws
    std::optional<Record> solve(const PointTask& task, const PointHooks& hooks, Checkpoint& checkpoint);

  private:
    /// Runs what a part of a point needs, and the part.
    /// @throws HandedBack after the strands of a pass
    void do_part(const PointTask& task, const Problem& problem, Context& context);
    /// Results of an analysis of Scope::kernels.
    const Record& shared_results(const Analysis& analysis, const std::string& key, const Problem& problem,
                                 Context& context);
    /// Enters the results of an analysis. @throws NotApplicable, std::exception if there are none
    void run_analysis(const PlannedAnalysis& planned, const GridPoint& point, const Problem& problem,
                      Context& context, Record& record);
    /// Runs the analyses of the plan, in their order, and enters how each went.
    void run_plan(const GridPoint& point, const Problem& problem, Context& context, Record& record);

    /// Enters the results of an analysis of the point itself: run, or known from another task of the point.
    void run_once(const PlannedAnalysis& planned, const Problem& problem, const Record& needed,
                  Context& context, Record& own);
    /// What an analysis that is known took.
    [[nodiscard]] double seconds_before(const PlannedAnalysis& planned) const;

    struct Result {
        Record columns;
        double seconds;
    };

    /// What the tasks of a point share while parts of it are spread, or until it is gone on with.
    struct Spread {
        std::string point;  // its key
        bool is_possible = false;
        std::map<std::string, Result> results;  // of analyses
        std::map<std::string, std::any> memo;   // of samplers
    };

    PointConfiguration configuration_;
    ProblemCache problems_;
    std::map<std::string, Record>
        shared_;           // results by keys of kernels and analysis, of problems that differ in widths alone
    std::string present_;  // data and P that these are of
    Spread spread_;
};

}  // namespace attnpaths
