#pragma once

#include "farm/liveness_monitor.hpp"
#include "farm/outbox.hpp"
#include "run/point_pool.hpp"
#include "run/worker_state.hpp"
#include "store/store.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace attnpaths {

/// The master's eye on workers that die and on tasks that take too long. Open MPI tells nobody of a death and
/// ends the launch about a second later; by then the store knows which point was to blame.
class FaultWatch {
  public:
    /// @param workers      by rank; looked at in every look()
    /// @param point_limit  seconds that a worker may be at one task without a result or checkpoint
    FaultWatch(LivenessMonitor& liveness_monitor, Store& store, PointPool& pool,
               std::vector<WorkerState>& workers, mpi::Outbox& outbox, double point_limit);

    /// Asks workers to give up tasks that take too long; cheap, to be called in every round.
    /// @throws Error, the work in flight settled in the store, if a worker died or does not answer: the run
    /// must end. A worker that is killed by a fault of its own, or dies alone, has lost the attempt at its
    /// point; when several vanish without a report the launcher, the batch system or the node ended them.
    void look();

  private:
    using Clock = WorkerState::Clock;

    /// The task that a worker is at: by its liveness, or else the first whose result is not here.
    [[nodiscard]] std::int64_t present_serial(int rank) const;
    /// Notes the attempt at a worker's task as lost, if the worker is at one. @returns " while computing ..."
    /// or ""
    std::string blame(int rank, std::optional<std::int64_t> serial, const std::string& message);
    [[noreturn]] void end_run(const std::string& message);
    void take(const Loss& loss);
    void look_for_losses();
    /// What the losses were. Blames the point of a worker that vanished alone.
    std::string story();
    void look_for_overdue_tasks();

    LivenessMonitor& liveness_;
    Store& store_;
    PointPool& pool_;
    std::vector<WorkerState>& workers_;
    mpi::Outbox& outbox_;
    double point_limit_;
    Clock::time_point last_look_ = Clock::now();
    std::vector<Loss> losses_;
    std::vector<std::string> faults_;  // what losses with a signal were
    Clock::time_point first_loss_;
};

}  // namespace attnpaths
