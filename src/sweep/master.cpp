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

/// Why no further point is started, or "" if nothing speaks against it.
std::string reason_to_stop(const Deadline& deadline, const ExpectedTime& expected) {
    switch (stop_request()) {
        case StopRequest::now:
            return "SIGTERM or SIGINT";
        case StopRequest::drain:
            return "SIGUSR1";
        case StopRequest::none:
            break;
    }
    return deadline.left() <= expected.seconds() ? "the time limit" : "";
}

/// Commits one outcome; returns false if the point was given up.
bool commit(Store& store, const std::string& key, Outcome outcome, const Record& record, Progress& progress,
            ExpectedTime& expected) {
    if (outcome == Outcome::interrupted) {
        store.release(key);
        return false;
    }
    store.finish(record);
    expected.add(std::get<double>(record.at("point/seconds")));
    if (outcome == Outcome::done) {
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
    std::deque<GridPoint> outstanding;  // the first is being computed
    std::string last_to_finish;         // key of the point it was computing when the run began to drain
};

class Master {
  public:
    Master(const mpi::Communicator& world, Store& store, WorkQueue queue, const Deadline& deadline,
           Progress& progress)
        : world_(world),
          store_(store),
          queue_(std::move(queue)),
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
                const std::string reason = reason_to_stop(deadline_, expected_);
                if (!reason.empty()) begin_stop(reason);
            }
            for (int rank = 1; rank < world_.size(); ++rank) {
                if (!stopping()) feed(rank);
                if (worker(rank).introduced && has_nothing_more_to_do(rank)) stop_worker(rank);
            }
            watch_workers();
            if (!heard) {
                store_.compact_if_due();
                progress_.show();
                idle.sleep();
            }
        }
        summary_.stopped = !queue_.empty();
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
                take_result(envelope->source, decode_record(bytes));
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

    void take_result(int rank, Record record) {
        WorkerState& from = worker(rank);
        const GridPoint point = from.outstanding.front();
        from.outstanding.pop_front();
        const Outcome outcome = take_outcome(record);
        if (!commit(store_, point.key, outcome, record, progress_, expected_)) {
            queue_.put_back(point);
            if (!stopping()) begin_stop("a signal to a worker");
        }
        if (from.outstanding.empty()) return;
        store_.start(from.outstanding.front().key);
        if (!stopping()) feed(rank);
    }

    /// A stopped worker's last message: what it did not work on is ours again.
    void take_leave(WorkerState& from) {
        from.left = true;
        for (const GridPoint& point : from.outstanding) {
            store_.release(point.key);
            queue_.put_back(point);
        }
        from.outstanding.clear();
    }

    /// A worker holds its next point before it finishes the last, as long as there is enough for everybody.
    void feed(int rank) {
        WorkerState& to = worker(rank);
        if (!to.introduced || to.stopped) return;
        const std::size_t wanted = queue_.size() > workers_.size() ? 2 : 1;
        while (to.outstanding.size() < wanted && !queue_.empty()) {
            to.outstanding.push_back(queue_.next_for(rank));
            if (to.outstanding.size() == 1) store_.start(to.outstanding.front().key);
            world_.send(encode_record(describe_point(to.outstanding.back())), rank, Tag::work);
        }
    }

    /// True for an idle worker when there is no more work, and, while stopping, for every worker that is not
    /// to finish its present point: all of them when the stop is at once, those that have delivered it when
    /// the run drains.
    [[nodiscard]] bool has_nothing_more_to_do(int rank) {
        const WorkerState& state = worker(rank);
        if (!stopping()) return state.outstanding.empty() && queue_.empty() && nobody_works();
        const bool at_once = stop_request() == StopRequest::now || deadline_.passed();
        return at_once || state.outstanding.empty() || state.outstanding.front().key != state.last_to_finish;
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
            if (!state.outstanding.empty()) state.last_to_finish = state.outstanding.front().key;
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
                const GridPoint& point = state.outstanding.front();
                store_.strike(point.key, message);
                message += " while computing " + point_text(point);
            }
            for (int other = 1; other < world_.size(); ++other)
                if (other != rank && !worker(other).outstanding.empty())
                    store_.release(worker(other).outstanding.front().key);
            store_.sync();
            throw Error(ExitCode::stopped_with_work,
                        message + "; the results so far are safe, run again to go on");
        }
    }

    const mpi::Communicator& world_;
    Store& store_;
    WorkQueue queue_;
    const Deadline& deadline_;
    Progress& progress_;
    std::vector<WorkerState> workers_;
    ExpectedTime expected_;
    RunSummary summary_;
    Clock::time_point last_watch_ = Clock::now();
};

}  // namespace

RunSummary run_master(const mpi::Communicator& world, Store& store, WorkQueue queue, const Deadline& deadline,
                      Progress& progress) {
    return Master(world, store, std::move(queue), deadline, progress).run();
}

RunSummary run_alone(PointSolver& solver, Store& store, WorkQueue queue, const Deadline& deadline,
                     Progress& progress) {
    const auto poll = [&] {
        if (stop_request() == StopRequest::now || deadline.passed()) throw Interrupted();
    };
    ExpectedTime expected;
    RunSummary summary;
    while (!queue.empty()) {
        summary.stop_reason = reason_to_stop(deadline, expected);
        if (!summary.stop_reason.empty()) {
            progress.message("stopping: " + summary.stop_reason);
            break;
        }
        const GridPoint point = queue.next_for(0);
        store.start(point.key);
        const PointResult result = compute_point(solver, point, poll);
        if (!commit(store, point.key, result.outcome, result.record, progress, expected))
            queue.put_back(point);
        store.sync();
        store.compact_if_due();
        progress.show();
    }
    summary.stopped = !queue.empty();
    return summary;
}

}  // namespace attnpaths
