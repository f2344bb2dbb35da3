#include "run/master.hpp"

#include "base/error.hpp"
#include "farm/idle_sleep.hpp"
#include "farm/outbox.hpp"
#include "run/commit_result.hpp"
#include "run/fault_watch.hpp"
#include "run/numerics_watch.hpp"
#include "run/overdue.hpp"
#include "run/point_pool.hpp"
#include "run/protocol.hpp"
#include "run/task_hand_out.hpp"
#include "run/worker_state.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>

namespace attnpaths {

namespace {

using Clock = std::chrono::steady_clock;

class Master {
  public:
    Master(const mpi::Communicator& world, Store& store, const std::vector<GridPoint>& points,
           CostModel& costs, SubmissionFeed& feed, const Deadline& deadline, Progress& progress,
           LivenessMonitor& liveness_monitor, double point_limit)
        : world_(world),
          store_(store),
          costs_(costs),
          feed_(feed),
          pool_(store, points, costs, [&progress](const std::string& line) { progress.message(line); }),
          deadline_(deadline),
          progress_(progress),
          workers_(static_cast<std::size_t>(world.size())),
          numerics_(store, progress),
          faults_(liveness_monitor, store, pool_, workers_, outbox_, point_limit),
          tasks_(store, costs, pool_, workers_, outbox_, deadline, progress),
          point_limit_(point_limit) {}

    RunSummary run() {
        IdleSleep idle;
        while (!all_workers_left()) {
            const bool heard = receive_all();
            if (heard) {
                store_.sync();
                idle.reset();
            }
            check_stop_conditions();
            take_in_submissions();
            for (int rank = 1; rank < world_.size(); ++rank) {
                if (!is_stopping()) tasks_.hand_out(rank);
                if (worker(rank).introduction && is_over()) stop_worker(rank, StopRequest::now);
            }
            if (!is_stopping()) tasks_.ask_to_share();
            faults_.look();
            leave_silent_workers_behind();
            outbox_.tidy();
            // Also where messages never end.
            store_.compact_if_due();
            progress_.show();
            if (!heard) idle.sleep();
        }
        summary_.stopped = !pool_.is_empty();
        summary_.times = run_times(workers_, start_);
        return summary_;
    }

  private:
    WorkerState& worker(int rank) { return workers_[static_cast<std::size_t>(rank)]; }
    [[nodiscard]] bool is_stopping() const { return !summary_.stop_reason.empty(); }

    [[nodiscard]] bool all_workers_left() const {
        return std::all_of(workers_.begin() + 1, workers_.end(),
                           [](const WorkerState& state) { return state.left; });
    }

    [[nodiscard]] bool no_worker_is_busy() const {
        return std::all_of(workers_.begin(), workers_.end(),
                           [](const WorkerState& state) { return state.outstanding.empty(); });
    }

    [[nodiscard]] std::size_t workers_at_hand() const {
        return static_cast<std::size_t>(std::count_if(
            workers_.begin() + 1, workers_.end(),
            [](const WorkerState& state) { return state.introduction.has_value() && !state.left; }));
    }

    /// Nothing is left to do, now or later: looks a last time for submissions.
    bool is_over() {
        if (is_over_ || !pool_.is_empty() || !no_worker_is_busy() || feed_.waits()) return is_over_;
        feed_.look();
        is_over_ = !feed_.has_new_points();
        return is_over_;
    }

    /// Takes up what was submitted. What comes from now on is for the next sweep if this one is ending.
    void take_in_submissions() {
        if (is_stopping() || is_over_) return;
        for (SubmittedPoints& submitted : feed_.new_points()) {
            tasks_.add(submitted);
        }
    }

    bool receive_all() {
        bool heard = false;
        while (const auto envelope = world_.probe()) {
            heard = true;
            const std::string bytes = world_.receive(*envelope);
            const int rank = envelope->source;
            if (envelope->tag == Tag::result) {
                for (const std::string& result : decode_batch(bytes))
                    take_result(rank, decode_result(result));
                if (!worker(rank).outstanding.empty())
                    pool_.begin(worker(rank).outstanding.front().point.key);
                if (!is_stopping()) tasks_.hand_out(rank);
                if (worker(rank).outstanding.empty()) worker(rank).clock.stop(Clock::now());
            } else if (envelope->tag == Tag::checkpoint) {
                auto [key, checkpoint] = decode_progress(bytes);
                take_progress(worker(rank), key, std::move(checkpoint));
            } else if (envelope->tag == Tag::stop) {
                worker_request_ = std::max(worker_request_, decode_stop(bytes));
            } else if (!worker(rank).introduction) {
                introduce(rank, decode_introduction(bytes));
            } else {
                take_leave(worker(rank));
            }
        }
        return heard;
    }

    void introduce(int rank, Introduction introduction) {
        if (!introduction.has_liveness && !warned_of_no_liveness_) {
            warned_of_no_liveness_ = true;
            progress_.message(fmt::format(
                "note: worker {} on {} cannot connect to the master over TCP (a firewall?): if such a "
                "worker dies, its point cannot be told from others",
                rank, introduction.host));
        }
        numerics_.take(introduction.numerics, fmt::format("worker {} on {}", rank, introduction.host));
        worker(rank).introduction = std::move(introduction);
    }

    void take_result(int rank, PointResult result) {
        WorkerState& from = worker(rank);
        if (from.outstanding.empty())
            throw Error(ExitCode::internal, fmt::format("worker {} sent a result without a task", rank));
        const PointTask task = std::move(from.outstanding.front());
        from.outstanding.pop_front();
        ++from.finished;
        from.asked_to_share = false;
        from.has_news();
        const std::string& key = task.point.key;
        pool_.begin(key);
        if (result.outcome == Outcome::overdue) {
            settle_overdue(task, point_limit_, store_, pool_, progress_, costs_, is_stopping());
            return;
        }
        if (result.outcome == Outcome::interrupted && !is_stopping()) begin_stop("a signal to a worker");
        if (task.part) {
            pool_.take_part(task, std::move(result), is_stopping());
        } else if (commit_result(store_, result, progress_, costs_)) {
            pool_.finish(key);
        } else {
            pool_.note(task.point, std::move(result.checkpoint));
            if (result.outcome == Outcome::handed_back)
                pool_.spread(task.point, workers_at_hand());
            else
                pool_.give_up(task.point);
        }
    }

    void take_progress(WorkerState& from, const std::string& key, Checkpoint checkpoint) {
        const auto task = std::find_if(from.outstanding.begin(), from.outstanding.end(),
                                       [&](const PointTask& one) { return one.point.key == key; });
        from.has_news();
        // Of one that was given up the last message may come late.
        if (task != from.outstanding.end()) pool_.note(task->point, std::move(checkpoint));
    }

    /// A stopped worker's last message: what it did not work on is ours again.
    void take_leave(WorkerState& from) {
        from.left = true;
        for (const PointTask& task : from.outstanding) pool_.give_up(task.point);
        from.outstanding.clear();
        from.clock.stop(Clock::now());
    }

    void check_stop_conditions() {
        if (stop_request() == StopRequest::now)
            begin_stop(stop_signal());
        else if (deadline_.passed())
            begin_stop(deadline_.reason());
        else if (stop_request() == StopRequest::drain)
            begin_stop(stop_signal());
        else if (worker_request_ != StopRequest::none)
            begin_stop("a signal to a worker");
        else if (!pool_.is_empty() && no_worker_is_busy() && all_workers_are_here() &&
                 !pool_.has_task(deadline_.left()))
            begin_stop(deadline_.reason());
        if (!is_stopping()) return;
        const StopRequest asked = std::max(stop_request(), worker_request_);
        const bool is_at_once = asked != StopRequest::drain || deadline_.passed();
        if (is_at_once && !stopping_at_once_since_) stopping_at_once_since_ = Clock::now();
        for (int rank = 1; rank < world_.size(); ++rank)
            stop_worker(rank, is_at_once ? StopRequest::now : StopRequest::drain);
    }

    /// Ends the wait for workers that were told to stop at once and hang, with their node perhaps; one that
    /// computes answers. Their points are ours again, from their latest checkpoints on.
    void leave_silent_workers_behind() {
        if (!stopping_at_once_since_ || Clock::now() - *stopping_at_once_since_ < time_to_answer) return;
        std::vector<int> silent;
        for (int rank = 1; rank < world_.size(); ++rank) {
            if (worker(rank).left) continue;
            silent.push_back(rank);
            take_leave(worker(rank));
        }
        if (silent.empty()) return;
        summary_.left_workers_behind = true;
        progress_.message(
            fmt::format("note: no answer from rank{} {} for {} s: left behind; what they had not "
                        "finished is computed by the next sweep",
                        silent.size() == 1 ? "" : "s", fmt::join(silent, ", "), time_to_answer.count()));
    }

    [[nodiscard]] bool all_workers_are_here() const {
        return std::all_of(workers_.begin() + 1, workers_.end(),
                           [](const WorkerState& state) { return state.introduction.has_value(); });
    }

    /// From now on no more points are begun.
    void begin_stop(const std::string& reason) {
        if (is_stopping()) return;
        summary_.stop_reason = reason;
        progress_.message("stopping: " + reason);
    }

    void stop_worker(int rank, StopRequest how) {
        WorkerState& state = worker(rank);
        if (state.stop >= how || state.left) return;
        outbox_.send(encode_stop(how), rank, Tag::stop);
        state.stop = how;
    }

    /// Less than the 30 s that batch systems give between SIGTERM and SIGKILL.
    static constexpr auto time_to_answer = std::chrono::seconds(20);

    const mpi::Communicator& world_;
    mpi::Outbox outbox_;
    Store& store_;
    CostModel& costs_;
    SubmissionFeed& feed_;
    PointPool pool_;
    const Deadline& deadline_;
    Progress& progress_;
    std::vector<WorkerState> workers_;
    NumericsWatch numerics_;
    FaultWatch faults_;
    TaskHandOut tasks_;
    double point_limit_;
    bool warned_of_no_liveness_ = false;
    StopRequest worker_request_ = StopRequest::none;  // the strongest signal that a worker told of
    std::optional<Clock::time_point> stopping_at_once_since_;
    RunSummary summary_;
    bool is_over_ = false;
    Clock::time_point start_ = Clock::now();
};

}  // namespace

RunSummary run_master(const mpi::Communicator& world, Store& store, const std::vector<GridPoint>& points,
                      CostModel& costs, SubmissionFeed& feed, const Deadline& deadline, Progress& progress,
                      LivenessMonitor& liveness_monitor, double point_limit) {
    return Master(world, store, points, costs, feed, deadline, progress, liveness_monitor, point_limit).run();
}

}  // namespace attnpaths
