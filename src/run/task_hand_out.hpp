#pragma once

#include "farm/outbox.hpp"
#include "farm/progress.hpp"
#include "farm/stop_request.hpp"
#include "run/cost_model.hpp"
#include "run/point_pool.hpp"
#include "run/worker_state.hpp"
#include "store/store.hpp"
#include "submit/submission_feed.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace attnpaths {

/// How the master gives tasks of its pool to workers, and has busy workers share theirs with idle ones.
class TaskHandOut {
  public:
    /// @param workers  by rank, the master's place included
    TaskHandOut(Store& store, CostModel& costs, PointPool& pool, std::vector<WorkerState>& workers,
                mpi::Outbox& outbox, const Deadline& deadline, Progress& progress)
        : store_(store),
          costs_(costs),
          pool_(pool),
          workers_(workers),
          outbox_(outbox),
          deadline_(deadline),
          progress_(progress) {}

    /// Takes points of a submission into the pool.
    void add(const SubmittedPoints& submitted);

    /// A worker holds its next point before it finishes the last, as long as there is enough for everybody,
    /// and more of them the shorter they are: the messages per second of the master are limited.
    void hand_out(int rank);

    /// With idle workers and nothing left to hand out, asks as many busy ones to share their points. They
    /// hand back those whose chains or examples are worth it.
    void ask_to_share();

  private:
    WorkerState& worker(int rank) { return workers_[static_cast<std::size_t>(rank)]; }
    void fail_as_too_large(const PointTask& task);
    void send_parts_once(const std::string& submission, int rank);
    [[nodiscard]] std::size_t tasks_wanted(const WorkerState& to) const;

    Store& store_;
    CostModel& costs_;
    PointPool& pool_;
    std::vector<WorkerState>& workers_;
    mpi::Outbox& outbox_;
    const Deadline& deadline_;
    Progress& progress_;
    std::map<std::string, std::string> parts_;  // as messages, by submission
};

}  // namespace attnpaths
