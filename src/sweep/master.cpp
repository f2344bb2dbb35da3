#include "sweep/master.hpp"

#include "base/error.hpp"
#include "store/clock.hpp"
#include "sweep/idle.hpp"
#include "sweep/process.hpp"
#include "sweep/protocol.hpp"
#include "sweep/worker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <map>
#include <set>

namespace attnpaths {

namespace {

using Clock = std::chrono::steady_clock;

/// Mean wall time of the points finished in this run: what the next one is expected to take.
class ExpectedTime {
  public:
    void add(double seconds) {
        sum_ += seconds;
        ++count_;
    }
    [[nodiscard]] double seconds() const { return count_ == 0 ? 0 : sum_ / count_; }

  private:
    double sum_ = 0;
    int count_ = 0;
};

/// Why no further point is started, or "" if nothing speaks against it. Points with chains may be started at
/// any time: what they have done when the time is over is not lost.
std::string reason_to_stop(const Deadline& deadline, const ExpectedTime& expected, bool have_chains) {
    switch (stop_request()) {
        case StopRequest::now:
            return "SIGTERM or SIGINT";
        case StopRequest::drain:
            return "SIGUSR1";
        case StopRequest::none:
            break;
    }
    return deadline.left() <= (have_chains ? 0 : expected.seconds()) ? "the time limit" : "";
}

/// Commits the result of a whole point; returns false if it has none.
bool commit(Store& store, const PointResult& result, Progress& progress, ExpectedTime& expected) {
    if (result.outcome != Outcome::done && result.outcome != Outcome::failed) return false;
    const Record& record = result.record;
    store.finish(record);
    expected.add(std::get<double>(record.at("point/seconds")));
    if (result.outcome == Outcome::done) {
        progress.point_done();
    } else {
        progress.point_failed();
        progress.message(fmt::format("point failed ({}): {}", point_text(point_of(record)),
                                     std::get<std::string>(record.at("point/message"))));
    }
    return true;
}

/// The master's view of one worker.
struct WorkerState {
    bool introduced = false;
    bool stopped = false;  // was sent the stop message
    bool left = false;     // has answered it
    std::string host;
    std::int64_t pid = 0;
    std::deque<PointTask> outstanding;  // the first is being computed
    bool asked_to_share = false;        // the first
    std::string last_to_finish;         // key of the point it was computing when the run began to drain
};

/// A point whose chains are tasks of their own.
struct SpreadPoint {
    GridPoint point;
    int chains_at_work = 0;            // in this round
    bool is_beyond_spreading = false;  // to be done by one worker from now on
};

/// Checkpoints that the store has of points in the queue.
std::map<std::string, Checkpoint> stored_checkpoints(const Store& store,
                                                     const std::vector<GridPoint>& points) {
    std::map<std::string, Checkpoint> checkpoints;
    for (const GridPoint& point : points)
        if (const PointState* state = store.find(point.key); state != nullptr && !state->checkpoint.empty())
            checkpoints[point.key] = decode_checkpoint(state->checkpoint);
    return checkpoints;
}

class Master {
  public:
    Master(const mpi::Communicator& world, Store& store, const std::vector<GridPoint>& points,
           bool have_chains, const Deadline& deadline, Progress& progress)
        : world_(world),
          store_(store),
          queue_(points),
          checkpoints_(stored_checkpoints(store, points)),
          have_chains_(have_chains),
          deadline_(deadline),
          progress_(progress),
          workers_(static_cast<std::size_t>(world.size())) {}

    RunSummary run() {
        IdleSleep idle;
        while (!everybody_left()) {
            const bool heard = receive_all();
            if (heard) {
                store_.sync();
                idle.reset();
            }
            if (!stopping()) {
                const std::string reason = reason_to_stop(deadline_, expected_, have_chains_);
                if (!reason.empty()) begin_stop(reason);
            }
            for (int rank = 1; rank < world_.size(); ++rank) {
                if (!stopping()) feed(rank);
                if (worker(rank).introduced && has_nothing_more_to_do(rank)) stop_worker(rank);
            }
            if (!stopping()) ask_to_share();
            watch_workers();
            if (!heard) {
                store_.compact_if_due();
                progress_.show();
                idle.sleep();
            }
        }
        summary_.stopped = !queue_.empty() || !spread_points_.empty();
        return summary_;
    }

  private:
    WorkerState& worker(int rank) { return workers_[static_cast<std::size_t>(rank)]; }
    [[nodiscard]] bool stopping() const { return !summary_.stop_reason.empty(); }

    [[nodiscard]] bool everybody_left() const {
        return std::all_of(workers_.begin() + 1, workers_.end(),
                           [](const WorkerState& state) { return state.left; });
    }

    bool receive_all() {
        bool heard = false;
        while (const auto envelope = world_.probe()) {
            heard = true;
            const std::string bytes = world_.receive(*envelope);
            WorkerState& from = worker(envelope->source);
            if (envelope->tag == Tag::result) {
                take_result(envelope->source, decode_result(bytes));
            } else if (envelope->tag == Tag::checkpoint) {
                auto [key, checkpoint] = decode_progress(bytes);
                note(key, std::move(checkpoint));
            } else if (!from.introduced) {
                const Record introduction = decode_record(bytes);
                from.introduced = true;
                from.host = std::get<std::string>(introduction.at("host"));
                from.pid = std::get<std::int64_t>(introduction.at("pid"));
            } else {
                take_leave(from);
            }
        }
        return heard;
    }

    void take_result(int rank, PointResult result) {
        WorkerState& from = worker(rank);
        const PointTask task = std::move(from.outstanding.front());
        from.outstanding.pop_front();
        from.asked_to_share = false;
        const std::string& key = task.point.key;
        if (task.chain) {
            take_chain(task, std::move(result));
        } else if (commit(store_, result, progress_, expected_)) {
            checkpoints_.erase(key);
            spread_points_.erase(key);
        } else {
            note(key, std::move(result.checkpoint));
            if (result.outcome == Outcome::handed_back) {
                spread(task.point);
            } else {
                give_up(task.point);
                if (!stopping()) begin_stop("a signal to a worker");
            }
        }
        if (from.outstanding.empty()) return;
        start(from.outstanding.front().point.key);
        if (!stopping()) feed(rank);
    }

    /// The result of one chain. With the last of a round the point goes to one worker, who looks at the
    /// diagnostics and concludes, or hands it back with a higher goal.
    void take_chain(const PointTask& task, PointResult result) {
        const std::string& key = task.point.key;
        SpreadPoint& point = spread_points_.at(key);
        if (result.outcome == Outcome::failed) {
            // As one point in one worker the sampler's failure is a verdict of the point.
            point.is_beyond_spreading = true;
        } else {
            note(key, std::move(result.checkpoint));
        }
        if (result.outcome == Outcome::interrupted && !stopping()) begin_stop("a signal to a worker");
        if (--point.chains_at_work > 0 || stopping()) return;
        spread_tasks_.push_front({task.point, checkpoints_[key], std::nullopt, !point.is_beyond_spreading});
    }

    /// Makes tasks of the chains that are not at their goal.
    void spread(const GridPoint& point) {
        SpreadPoint& state = spread_points_.try_emplace(point.key, SpreadPoint{point}).first->second;
        const Checkpoint& checkpoint = checkpoints_[point.key];
        for (const auto& [method, ensemble] : checkpoint.methods) {
            for (std::size_t chain = 0; chain < ensemble.chains.size(); ++chain) {
                if (ensemble.chains[chain].draws >= ensemble.goal) continue;
                spread_tasks_.push_back({point, checkpoint.only(method, chain),
                                         ChainTask{method, static_cast<int>(chain)}, true});
                ++state.chains_at_work;
            }
        }
    }

    /// A point is started once in a run, in however many tasks.
    void start(const std::string& key) {
        if (started_.insert(key).second) store_.start(key);
    }

    /// Notes how far a point has come, here and in the journal.
    void note(const std::string& key, Checkpoint checkpoint) {
        if (checkpoint.empty()) return;
        Checkpoint& present = checkpoints_[key];
        present.merge(std::move(checkpoint));
        store_.checkpoint(key, encode_checkpoint(present));
    }

    /// A point that was not finished is ours again.
    void give_up(const GridPoint& point) {
        store_.release(point.key);
        if (!spread_points_.contains(point.key)) queue_.put_back(point);
    }

    /// A stopped worker's last message: what it did not work on is ours again.
    void take_leave(WorkerState& from) {
        from.left = true;
        for (const PointTask& task : from.outstanding) give_up(task.point);
        from.outstanding.clear();
    }

    /// A worker holds its next point before it finishes the last, as long as there is enough for everybody.
    void feed(int rank) {
        WorkerState& to = worker(rank);
        if (!to.introduced || to.stopped) return;
        const std::size_t wanted = queue_.size() > workers_.size() ? 2 : 1;
        while (to.outstanding.size() < wanted && has_work()) {
            to.outstanding.push_back(next_task(rank));
            const PointTask& task = to.outstanding.back();
            if (to.outstanding.size() == 1) start(task.point.key);
            world_.send(encode_task(task), rank, Tag::work);
            // The checkpoint is the worker's now.
            to.outstanding.back().checkpoint = {};
        }
    }

    [[nodiscard]] bool has_work() const { return !spread_tasks_.empty() || !queue_.empty(); }

    PointTask next_task(int rank) {
        if (!spread_tasks_.empty()) {
            PointTask task = std::move(spread_tasks_.front());
            spread_tasks_.pop_front();
            return task;
        }
        PointTask task{queue_.next_for(rank), {}, std::nullopt, false};
        const auto known = checkpoints_.find(task.point.key);
        if (known != checkpoints_.end()) task.checkpoint = known->second;
        return task;
    }

    /// With idle workers and nothing left to hand out, asks as many busy ones to share their points. They
    /// hand back those whose chains are worth it.
    void ask_to_share() {
        if (has_work() || !have_chains_) return;
        auto idle = std::count_if(workers_.begin() + 1, workers_.end(), [](const WorkerState& state) {
            return state.introduced && state.outstanding.empty();
        });
        for (int rank = 1; rank < world_.size(); ++rank) {
            WorkerState& busy = worker(rank);
            if (busy.outstanding.empty() || busy.outstanding.front().chain) continue;
            if (idle-- <= 0) return;
            const std::string& key = busy.outstanding.front().point.key;
            // What comes back from chains as a whole point is concluded, or cannot be spread.
            if (busy.asked_to_share || spread_points_.contains(key)) continue;
            busy.asked_to_share = true;
            world_.send(key, rank, Tag::share);
        }
    }

    /// True for an idle worker when there is no more work, and, while stopping, for every worker that is not
    /// to finish its present point: all of them when the stop is at once, those that have delivered it when
    /// the run drains.
    [[nodiscard]] bool has_nothing_more_to_do(int rank) {
        const WorkerState& state = worker(rank);
        if (!stopping()) return state.outstanding.empty() && !has_work() && nobody_works();
        const bool at_once = stop_request() == StopRequest::now || deadline_.passed();
        return at_once || state.outstanding.empty() ||
               state.outstanding.front().point.key != state.last_to_finish;
    }

    [[nodiscard]] bool nobody_works() const {
        return std::all_of(workers_.begin(), workers_.end(),
                           [](const WorkerState& state) { return state.outstanding.empty(); });
    }

    /// From now on no more points are started.
    void begin_stop(const std::string& reason) {
        summary_.stop_reason = reason;
        progress_.message("stopping: " + reason);
        for (WorkerState& state : workers_)
            if (!state.outstanding.empty()) state.last_to_finish = state.outstanding.front().point.key;
    }

    void stop_worker(int rank) {
        if (worker(rank).stopped) return;
        world_.send("", rank, Tag::stop);
        worker(rank).stopped = true;
    }

    /// Open MPI tells nobody that a rank died and ends the launch about a second later: look first, so that
    /// the store knows whose point it was. Only workers of this machine can be looked at.
    void watch_workers() {
        const auto now = Clock::now();
        if (now - last_watch_ < std::chrono::milliseconds(100)) return;
        last_watch_ = now;
        const std::string host = host_name();
        for (int rank = 1; rank < world_.size(); ++rank) {
            const WorkerState& state = worker(rank);
            if (!state.introduced || state.left || state.host != host || is_alive(state.pid)) continue;
            std::string message = fmt::format("worker {} (pid {} on {}) died", rank, state.pid, state.host);
            if (!state.outstanding.empty()) {
                const GridPoint& point = state.outstanding.front().point;
                store_.strike(point.key, message);
                message += " while computing " + point_text(point);
            }
            for (int other = 1; other < world_.size(); ++other)
                if (other != rank && !worker(other).outstanding.empty())
                    store_.release(worker(other).outstanding.front().point.key);
            store_.sync();
            throw Error(ExitCode::stopped_with_work,
                        message + "; the results so far are safe, run again to go on");
        }
    }

    const mpi::Communicator& world_;
    Store& store_;
    WorkQueue queue_;
    std::deque<PointTask> spread_tasks_;                // come before the queue
    std::map<std::string, SpreadPoint> spread_points_;  // by key
    std::map<std::string, Checkpoint> checkpoints_;     // of unfinished points, by key
    std::set<std::string> started_;                     // keys, in this run
    bool have_chains_;                                  // whether points have chains
    const Deadline& deadline_;
    Progress& progress_;
    std::vector<WorkerState> workers_;
    ExpectedTime expected_;
    RunSummary summary_;
    Clock::time_point last_watch_ = Clock::now();
};

}  // namespace

RunSummary run_master(const mpi::Communicator& world, Store& store, const std::vector<GridPoint>& points,
                      bool have_chains, const Deadline& deadline, Progress& progress) {
    return Master(world, store, points, have_chains, deadline, progress).run();
}

RunSummary run_alone(PartsSolver& solver, Store& store, const std::vector<GridPoint>& points,
                     bool have_chains, double checkpoint_period, const Deadline& deadline,
                     Progress& progress) {
    std::map<std::string, Checkpoint> checkpoints = stored_checkpoints(store, points);
    WorkQueue queue(points);
    CheckpointClock clock(checkpoint_period);
    std::string present;
    PointHooks hooks;
    hooks.poll = [&] {
        if (stop_request() == StopRequest::now || deadline.passed()) throw Interrupted();
    };
    hooks.wants_checkpoint = [&] { return clock.is_due(); };
    hooks.save = [&](const Checkpoint& checkpoint) {
        store.checkpoint(present, encode_checkpoint(checkpoint));
        store.sync();
    };
    ExpectedTime expected;
    RunSummary summary;
    while (!queue.empty()) {
        summary.stop_reason = reason_to_stop(deadline, expected, have_chains);
        if (!summary.stop_reason.empty()) {
            progress.message("stopping: " + summary.stop_reason);
            break;
        }
        const GridPoint point = queue.next_for(0);
        present = point.key;
        store.start(present);
        const PointTask task{point, std::move(checkpoints[present]), std::nullopt, false};
        const PointResult result = compute_point(solver, task, hooks);
        if (!commit(store, result, progress, expected)) {
            if (!result.checkpoint.empty()) store.checkpoint(present, encode_checkpoint(result.checkpoint));
            store.release(present);
            queue.put_back(point);
        }
        store.sync();
        store.compact_if_due();
        progress.show();
    }
    summary.stopped = !queue.empty();
    return summary;
}

}  // namespace attnpaths
