#include "run/master.hpp"

#include "base/error.hpp"
#include "farm/idle.hpp"
#include "farm/outbox.hpp"
#include "run/commit_result.hpp"
#include "run/compute_point.hpp"
#include "run/fault_watch.hpp"
#include "run/numerics_watch.hpp"
#include "run/overdue.hpp"
#include "run/point_pool.hpp"
#include "run/protocol.hpp"
#include "run/worker_state.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace attnpaths {

namespace {

using Clock = std::chrono::steady_clock;

class Master {
  public:
    Master(const mpi::Communicator& world, Store& store, const std::vector<GridPoint>& points,
           CostModel& costs, Intake& intake, const Deadline& deadline, Progress& progress,
           LifelineWatch& lifelines, double point_limit)
        : world_(world),
          store_(store),
          costs_(costs),
          intake_(intake),
          pool_(store, points, costs, [&progress](const std::string& line) { progress.message(line); }),
          deadline_(deadline),
          progress_(progress),
          workers_(static_cast<std::size_t>(world.size())),
          numerics_(store, progress),
          faults_(lifelines, store, pool_, workers_, outbox_, point_limit),
          point_limit_(point_limit) {}

    RunSummary run() {
        IdleSleep idle;
        while (!everybody_left()) {
            const bool heard = receive_all();
            if (heard) {
                store_.sync();
                idle.reset();
            }
            look_for_a_reason_to_stop();
            take_in();
            for (int rank = 1; rank < world_.size(); ++rank) {
                feed(rank);
                if (worker(rank).who && is_over()) stop_worker(rank, StopRequest::now);
            }
            ask_to_share();
            faults_.look();
            leave_behind_who_does_not_answer();
            outbox_.tidy();
            if (!heard) {
                store_.compact_if_due();
                progress_.show();
                idle.sleep();
            }
        }
        summary_.stopped = !pool_.is_empty();
        summary_.times = run_times(workers_, start_);
        return summary_;
    }

  private:
    WorkerState& worker(int rank) { return workers_[static_cast<std::size_t>(rank)]; }
    [[nodiscard]] bool is_stopping() const { return !summary_.stop_reason.empty(); }

    [[nodiscard]] bool everybody_left() const {
        return std::all_of(workers_.begin() + 1, workers_.end(),
                           [](const WorkerState& state) { return state.left; });
    }

    [[nodiscard]] bool nobody_works() const {
        return std::all_of(workers_.begin(), workers_.end(),
                           [](const WorkerState& state) { return state.outstanding.empty(); });
    }

    /// Nothing is left to do, now or later: looks a last time for submissions.
    bool is_over() {
        if (is_over_ || !pool_.is_empty() || !nobody_works() || intake_.waits()) return is_over_;
        intake_.look();
        is_over_ = !intake_.has_news();
        return is_over_;
    }

    /// Takes up what was submitted. What comes from now on is for the next sweep if this one is ending.
    void take_in() {
        if (is_stopping() || is_over_) return;
        for (Addition& addition : intake_.news()) {
            submitted_[addition.submission] = encode_submitted_parts(addition.submission, addition.parts);
            pool_.add(addition.points);
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
                feed(rank);
                if (worker(rank).outstanding.empty()) worker(rank).clock.stop(Clock::now());
            } else if (envelope->tag == Tag::checkpoint) {
                auto [key, checkpoint] = decode_progress(bytes);
                pool_.note(key, std::move(checkpoint));
                worker(rank).has_news();
            } else if (envelope->tag == Tag::stop) {
                worker_request_ = std::max(worker_request_, decode_stop(bytes));
            } else if (!worker(rank).who) {
                introduce(rank, decode_introduction(bytes));
            } else {
                take_leave(worker(rank));
            }
        }
        return heard;
    }

    void introduce(int rank, Introduction introduction) {
        if (!introduction.has_lifeline && !said_that_some_have_no_lifeline_) {
            said_that_some_have_no_lifeline_ = true;
            progress_.message(fmt::format(
                "note: worker {} on {} cannot connect to the master over TCP (a firewall?): if such a "
                "worker dies, its point cannot be told from others",
                rank, introduction.host));
        }
        numerics_.take(introduction.numerics, fmt::format("worker {} on {}", rank, introduction.host));
        worker(rank).who = std::move(introduction);
    }

    void take_result(int rank, PointResult result) {
        WorkerState& from = worker(rank);
        if (from.outstanding.empty())
            throw Error(ExitCode::internal,
                        fmt::format("worker {} sent a result that nobody asked for", rank));
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
        if (task.chain) {
            pool_.take_chain(task, std::move(result), is_stopping());
        } else if (commit_result(store_, result, progress_, costs_)) {
            pool_.finish(key);
        } else {
            pool_.note(key, std::move(result.checkpoint));
            if (result.outcome == Outcome::handed_back)
                pool_.spread(task.point);
            else
                pool_.give_up(task.point);
        }
    }

    /// A stopped worker's last message: what it did not work on is ours again.
    void take_leave(WorkerState& from) {
        from.left = true;
        for (const PointTask& task : from.outstanding) pool_.give_up(task.point);
        from.outstanding.clear();
        from.clock.stop(Clock::now());
    }

    /// A worker holds its next point before it finishes the last, as long as there is enough for everybody,
    /// and more of them the shorter they are: the messages per second of the master are limited.
    void feed(int rank) {
        WorkerState& to = worker(rank);
        if (is_stopping() || !to.who || to.left || to.stop != StopRequest::none) return;
        std::vector<std::string> batch;
        std::size_t bytes = 0;
        while (to.outstanding.size() < tasks_wanted(to) && bytes < large_batch) {
            std::optional<PointTask> task = pool_.next_for(rank, deadline_.left());
            if (!task) break;
            if (task->checkpoint.bytes() > largest_result) {
                // Its chains came together from several workers.
                fail_as_too_large(*task);
                continue;
            }
            if (to.outstanding.empty()) {
                pool_.begin(task->point.key);
                to.has_news();
            }
            make_known(task->point.submission, rank);
            batch.push_back(encode_task(*task));
            bytes += batch.back().size();
            task->checkpoint = {};  // is the worker's now
            to.outstanding.push_back(std::move(*task));
        }
        if (batch.empty()) return;
        to.clock.start(Clock::now());
        outbox_.send(encode_batch(batch), rank, Tag::work);
    }

    void fail_as_too_large(const PointTask& task) {
        PointResult result{Outcome::done, {}, task.checkpoint};
        limit_size(result, task.point);
        commit_result(store_, result, progress_, costs_);
        pool_.finish(task.point.key);
    }

    /// A worker must know the parts of a submission before its points.
    void make_known(const std::string& submission, int rank) {
        if (submission.empty() || !worker(rank).submissions.insert(submission).second) return;
        outbox_.send(submitted_.at(submission), rank, Tag::parts);
    }

    [[nodiscard]] std::size_t tasks_wanted(const WorkerState& to) const {
        constexpr double batch_seconds = 0.1;
        constexpr std::size_t most = 256;
        // A fair share of what waits, so that the last points are spread evenly.
        const std::size_t fair = pool_.waiting() / (2 * workers_.size());
        if (fair < 2 || to.outstanding.empty()) return fair < 2 ? 1 : 2;
        const double seconds = std::max(costs_.seconds(to.outstanding.front().point), 1e-6);
        const double wanted = std::ceil(batch_seconds / seconds);
        return std::clamp(wanted < most ? static_cast<std::size_t>(wanted) : most, std::size_t{2}, fair);
    }

    /// With idle workers and nothing left to hand out, asks as many busy ones to share their points. They
    /// hand back those whose chains are worth it.
    void ask_to_share() {
        if (is_stopping() || pool_.has_task(deadline_.left())) return;
        auto idle = std::count_if(workers_.begin() + 1, workers_.end(), [](const WorkerState& state) {
            return state.who && state.outstanding.empty();
        });
        for (int rank = 1; rank < world_.size() && idle > 0; ++rank) {
            WorkerState& busy = worker(rank);
            if (busy.outstanding.empty() || busy.outstanding.front().chain) continue;
            const GridPoint& point = busy.outstanding.front().point;
            if (point.cost.sampling <= 0) continue;
            --idle;
            // What comes back from chains as a whole point is concluded, or cannot be spread.
            if (busy.asked_to_share || pool_.is_spread(point.key)) continue;
            busy.asked_to_share = true;
            outbox_.send(point.key, rank, Tag::share);
        }
    }

    void look_for_a_reason_to_stop() {
        if (stop_request() == StopRequest::now)
            begin_stop(stop_signal());
        else if (deadline_.passed())
            begin_stop(deadline_.reason());
        else if (stop_request() == StopRequest::drain)
            begin_stop(stop_signal());
        else if (worker_request_ != StopRequest::none)
            begin_stop("a signal to a worker");
        else if (!pool_.is_empty() && nobody_works() && everybody_is_there() &&
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
    void leave_behind_who_does_not_answer() {
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

    [[nodiscard]] bool everybody_is_there() const {
        return std::all_of(workers_.begin() + 1, workers_.end(),
                           [](const WorkerState& state) { return state.who.has_value(); });
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
    Intake& intake_;
    std::map<std::string, std::string> submitted_;  // parts as messages, by submission
    PointPool pool_;
    const Deadline& deadline_;
    Progress& progress_;
    std::vector<WorkerState> workers_;
    NumericsWatch numerics_;
    FaultWatch faults_;
    double point_limit_;
    bool said_that_some_have_no_lifeline_ = false;
    StopRequest worker_request_ = StopRequest::none;  // the strongest signal that a worker told of
    std::optional<Clock::time_point> stopping_at_once_since_;
    RunSummary summary_;
    bool is_over_ = false;
    Clock::time_point start_ = Clock::now();
};

}  // namespace

RunSummary run_master(const mpi::Communicator& world, Store& store, const std::vector<GridPoint>& points,
                      CostModel& costs, Intake& intake, const Deadline& deadline, Progress& progress,
                      LifelineWatch& lifelines, double point_limit) {
    return Master(world, store, points, costs, intake, deadline, progress, lifelines, point_limit).run();
}

}  // namespace attnpaths
