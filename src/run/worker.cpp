#include "run/worker.hpp"

#include "base/error.hpp"
#include "base/host_name.hpp"
#include "base/text.hpp"
#include "farm/attended_work.hpp"
#include "farm/checkpoint_clock.hpp"
#include "farm/idle_sleep.hpp"
#include "farm/stop_request.hpp"
#include "run/compute_point.hpp"
#include "run/protocol.hpp"
#include "sweep/sweep_parts.hpp"
#include "theory/numerics_fingerprint.hpp"

#include <algorithm>
#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace attnpaths {

namespace {

using Clock = std::chrono::steady_clock;
constexpr int master = 0;

void introduce(const mpi::Communicator& world, const LivenessLink& liveness) {
    world.send(encode_introduction({host_name(), getpid(), liveness.is_connected(), numerics_fingerprint()}),
               master, Tag::request);
}

void take_leave(const mpi::Communicator& world) {
    world.send("", master, Tag::request);
}

/// A worker at work: the tasks it holds, and what the master said.
class Worker {
  public:
    Worker(const mpi::Communicator& world, AttendedWork& computation,
           const std::shared_ptr<PartsSolver>& solver, LivenessLink& liveness, const Deadline& deadline,
           double checkpoint_period)
        : world_(world),
          computation_(computation),
          solver_(solver),
          liveness_(liveness),
          deadline_(deadline),
          checkpoints_(checkpoint_period) {
        hooks_.poll = computation.in_turn([this] { poll(); });
        hooks_.poll_chain = computation.in_turn([this] { poll_chain(); });
        hooks_.wants_checkpoint = computation.in_turn([this] { return checkpoints_.is_due(); });
        hooks_.save = computation.in_turn([this](const Checkpoint& checkpoint) { save(checkpoint); });
        hooks_.others_are_idle = computation.in_turn([this] { return others_are_idle_; });
        hooks_.say = computation.in_turn(note_on_standard_error);
    }

    /// Until told to stop.
    void run() {
        IdleSleep idle;
        while (true) {
            receive_all();
            if (stop_ != StopRequest::none) break;
            pass_signal_on();
            if (tasks_.empty()) {
                leave_without_master();
                idle.sleep();
                continue;
            }
            idle.reset();
            const bool goes_on = compute_next();
            // Not before: the request to share often comes with the task itself.
            others_are_idle_ = false;
            if (!goes_on) break;
            if (tasks_.empty() || result_bytes_ > large_batch || Clock::now() - last_send_ > longest_delay)
                send_results();
        }
        send_results();
    }

  private:
    // Results of short points travel together, so that the master can serve many workers.
    static constexpr auto longest_delay = std::chrono::milliseconds(50);
    static constexpr auto look_interval = std::chrono::milliseconds(10);
    static constexpr auto longest_silence = std::chrono::milliseconds(50);

    /// @returns false if the task was left behind
    bool compute_next() {
        // Only between two tasks, as the solver is the task's.
        for (auto& [submission, parts] : std::exchange(new_parts_, {}))
            solver_->add(submission, std::move(parts));
        liveness_.working_on(serial_);
        std::optional<PointResult> result =
            computation_.result_of([solver = solver_, task = tasks_.front(),
                                    hooks = hooks_] { return compute_point(*solver, *task, hooks); },
                                   [this] { return does_not_stop(); });
        if (!result) return false;
        if (result->outcome == Outcome::interrupted && is_overdue()) result->outcome = Outcome::overdue;
        results_.push_back(encode_result(std::move(*result)));
        result_bytes_ += results_.back().size();
        tasks_.pop_front();
        ++serial_;
        if (tasks_.empty()) liveness_.idle();
        return true;
    }

    /// Does what a task in a long step does not, which is to poll.
    bool does_not_stop() {
        if (Clock::now() - last_look_ > longest_silence) look();
        return grace_.has_passed(must_stop());
    }

    /// Receives what has arrived, up to a stop, after which nothing comes.
    void receive_all() {
        while (stop_ != StopRequest::now) {
            const auto envelope = world_.probe(master);
            if (!envelope) return;
            const std::string bytes = world_.receive(*envelope);
            if (envelope->tag == Tag::stop)
                stop_ = std::max(stop_, decode_stop(bytes));
            else if (envelope->tag == Tag::work)
                for (const std::string& task : decode_batch(bytes))
                    tasks_.push_back(std::make_shared<const PointTask>(decode_task(task)));
            else if (envelope->tag == Tag::parts)
                take_parts(bytes);
            else if (envelope->tag == Tag::give_up)
                static_cast<void>(parse_integer(bytes, overdue_));
            else if (!tasks_.empty())
                // A word about sharing that comes when its point is done says nothing any more.
                others_are_idle_ = bytes == tasks_.front()->point.key;
        }
    }

    void take_parts(const std::string& bytes) { new_parts_.push_back(decode_submitted_parts(bytes)); }

    void send_results() {
        if (!results_.empty()) world_.send(encode_batch(results_), master, Tag::result);
        results_.clear();
        result_bytes_ = 0;
        last_send_ = Clock::now();
    }

    /// A signal to one rank concerns all: the master hears of it even from a worker that has nothing to do.
    void pass_signal_on() {
        if (stop_request() <= reported_stop_) return;
        reported_stop_ = stop_request();
        world_.send(encode_stop(reported_stop_), master, Tag::stop);
    }

    void poll() {
        pass_signal_on();
        if (must_stop()) throw Interrupted();
        if (Clock::now() - last_look_ < look_interval) return;
        look();
        if (must_stop() || is_overdue()) throw Interrupted();
    }

    void look() {
        last_look_ = Clock::now();
        pass_signal_on();
        leave_without_master();
        // The master would wait for results of short points while a long one is computed.
        if (last_look_ - last_send_ > longest_delay) send_results();
        receive_all();
    }

    /// Whether no task may go on.
    [[nodiscard]] bool must_stop() const {
        return stop_request() == StopRequest::now || deadline_.passed() || stop_ == StopRequest::now;
    }

    /// Whether the master wants the present task to be given up.
    [[nodiscard]] bool is_overdue() const { return overdue_ == serial_; }

    /// Without the master nothing that is computed here is of use. Launchers end such ranks within a second
    /// or two; some, whose own daemon was killed with the master, never do.
    void leave_without_master() {
        constexpr auto time_of_launcher = std::chrono::seconds(3);
        if (!liveness_.has_lost_master()) return;
        std::this_thread::sleep_for(time_of_launcher);
        world_.abort(static_cast<int>(ExitCode::stopped_with_work));
    }

    void poll_chain() {
        poll();
        if (stop_ != StopRequest::none || stop_request() != StopRequest::none) throw Interrupted();
    }

    void save(const Checkpoint& checkpoint) {
        // One that is too large is not worth failing for: a killed run would begin this point again.
        if (checkpoint.bytes() <= largest_result)
            world_.send(encode_progress(tasks_.front()->point.key, checkpoint), master, Tag::checkpoint);
    }

    const mpi::Communicator& world_;
    AttendedWork& computation_;
    std::shared_ptr<PartsSolver> solver_;  // shared with the task
    LivenessLink& liveness_;
    const Deadline& deadline_;
    CheckpointClock checkpoints_;
    PointHooks hooks_;
    std::deque<std::shared_ptr<const PointTask>> tasks_;                       // the first is being computed
    std::vector<std::pair<std::string, std::vector<EncodedPart>>> new_parts_;  // not yet known to the solver
    std::int64_t serial_ = 0;                                                  // of the first
    std::int64_t overdue_ = -1;                                                // the task that takes too long
    std::vector<std::string> results_;
    std::size_t result_bytes_ = 0;
    StopRequest stop_ = StopRequest::none;
    StopGrace grace_;
    StopRequest reported_stop_ = StopRequest::none;  // of our own signals, what the master knows
    bool others_are_idle_ = false;
    Clock::time_point last_look_ = Clock::now();
    Clock::time_point last_send_ = Clock::now();
};

/// Data that take long to read are left behind too. @returns nothing then
std::optional<std::vector<Configuration>> load(const mpi::Communicator& world, AttendedWork& computation,
                                               const StartMessage& start, const Deadline& deadline) {
    StopGrace grace;
    return computation.result_of([parts = start.parts] { return load_same_parts(parts); },
                                 [&] {
                                     return grace.has_passed(stop_request() == StopRequest::now ||
                                                             deadline.passed() ||
                                                             world.probe(master, Tag::stop).has_value());
                                 });
}

}  // namespace

void run_worker(const mpi::Communicator& world, const StartMessage& start, LivenessLink& liveness) {
    const Deadline deadline(start.seconds_left);
    AttendedWork computation;
    std::optional<std::vector<Configuration>> parts = load(world, computation, start, deadline);
    introduce(world, liveness);
    if (parts) {
        const auto solver = std::make_shared<PartsSolver>(std::move(*parts));
        Worker(world, computation, solver, liveness, deadline, start.checkpoint_period).run();
    } else if (stop_request() != StopRequest::none) {
        world.send(encode_stop(stop_request()), master, Tag::stop);
    }
    take_leave(world);
}

}  // namespace attnpaths
