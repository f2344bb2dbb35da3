#include "sweep/worker.hpp"

#include "store/clock.hpp"
#include "sweep/idle.hpp"

#include <fmt/format.h>

#include <chrono>
#include <deque>
#include <new>
#include <unistd.h>

namespace attnpaths {

namespace {

/// Adds what only the worker knows to the record of a point done or failed.
void complete(PointResult& result, const std::string& message, double seconds) {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    result.record["point/status"] = std::string(result.outcome == Outcome::done ? "done" : "failed");
    result.record["point/message"] = message;
    result.record["point/seconds"] = seconds;
    result.record["point/finished"] = std::chrono::duration<double>(now).count();
    result.record["point/host"] = host_name();
}

}  // namespace

PointResult compute_point(PartsSolver& solver, const PointTask& task, const PointHooks& hooks) {
    const auto start = std::chrono::steady_clock::now();
    PointResult result;
    std::string message;
    try {
        std::optional<Record> record = solver.solver_for(task.point).solve(task, hooks, result.checkpoint);
        if (record)
            result.record = std::move(*record);
        else
            result.outcome = Outcome::handed_back;
    } catch (const Interrupted&) {
        result.outcome = Outcome::interrupted;
    } catch (const std::bad_alloc&) {
        message = "out of memory";
    } catch (const std::exception& error) {
        message = error.what();
    }
    if (!message.empty()) {
        result.outcome = Outcome::failed;
        result.record = describe_point(task.point);
    }
    if (result.outcome != Outcome::done && result.outcome != Outcome::failed) return result;
    result.checkpoint = {};
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
    complete(result, message, elapsed.count() + task.checkpoint.seconds());
    return result;
}

bool CheckpointClock::is_due() {
    const auto now = std::chrono::steady_clock::now();
    if (now - last_ < period_) return false;
    last_ = now;
    return true;
}

namespace {

/// The result as one message; a result that does not fit is a failure of its point.
std::string encode_sendable(const PointResult& result, const GridPoint& point) {
    std::string bytes = encode_result(result);
    if (bytes.size() <= mpi::largest_message) return bytes;
    PointResult failure{Outcome::failed, describe_point(point), {}};
    complete(failure,
             fmt::format("its result of {:.1f} GiB is more than a message holds; store fewer draws "
                         "(store.thin) or predictions",
                         static_cast<double>(bytes.size()) / 1073741824),
             0);
    return encode_result(failure);
}

}  // namespace

void run_worker(const mpi::Communicator& world, PartsSolver& solver, const Deadline& deadline,
                double checkpoint_period) {
    constexpr int master = 0;
    constexpr auto look_interval = std::chrono::milliseconds(10);
    auto last_look = std::chrono::steady_clock::now();
    bool others_are_idle = false;
    std::deque<PointTask> waiting;
    CheckpointClock clock(checkpoint_period);
    PointHooks hooks;
    hooks.poll = [&] {
        if (stop_request() == StopRequest::now || deadline.passed()) throw Interrupted();
        const auto now = std::chrono::steady_clock::now();
        if (now - last_look < look_interval) return;
        last_look = now;
        if (world.probe(master, Tag::stop)) throw Interrupted();
        while (const auto envelope = world.probe(master, Tag::share)) {
            others_are_idle = world.receive(*envelope) == waiting.front().point.key;
        }
    };
    hooks.wants_checkpoint = [&] { return clock.is_due(); };
    hooks.save = [&](const Checkpoint& checkpoint) {
        const std::string bytes = encode_progress(waiting.front().point.key, checkpoint);
        // One that is too large is not worth failing for: a killed run would begin this point again.
        if (bytes.size() <= mpi::largest_message) world.send(bytes, master, Tag::checkpoint);
    };
    hooks.others_are_idle = [&] { return others_are_idle; };

    world.send(encode_introduction(host_name(), getpid()), master, Tag::request);
    IdleSleep idle;
    while (true) {
        while (const auto envelope = world.probe(master)) {
            const std::string bytes = world.receive(*envelope);
            if (envelope->tag == Tag::stop) {
                world.send("", master, Tag::request);
                return;
            }
            // A word about sharing that comes when its point is done says nothing any more.
            if (envelope->tag == Tag::work) waiting.push_back(decode_task(bytes));
        }
        if (waiting.empty()) {
            idle.sleep();
            continue;
        }
        idle.reset();
        others_are_idle = false;
        world.send(encode_sendable(compute_point(solver, waiting.front(), hooks), waiting.front().point),
                   master, Tag::result);
        waiting.pop_front();
    }
}

}  // namespace attnpaths
