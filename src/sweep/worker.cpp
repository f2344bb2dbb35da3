#include "sweep/worker.hpp"

#include "store/clock.hpp"
#include "sweep/idle.hpp"

#include <fmt/format.h>

#include <chrono>
#include <deque>
#include <new>
#include <unistd.h>

namespace attnpaths {

PointResult compute_point(PointSolver& solver, const GridPoint& point, const std::function<void()>& poll) {
    const auto start = std::chrono::steady_clock::now();
    PointResult result{Outcome::done, {}};
    std::string message;
    try {
        result.record = solver.solve(point, poll);
    } catch (const Interrupted&) {
        result.outcome = Outcome::interrupted;
    } catch (const std::bad_alloc&) {
        message = "out of memory";
    } catch (const std::exception& error) {
        message = error.what();
    }
    if (!message.empty()) result.outcome = Outcome::failed;
    if (result.outcome != Outcome::done) result.record = describe_point(point);
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    result.record["point/status"] = std::string(result.outcome == Outcome::done ? "done" : "failed");
    result.record["point/message"] = message;
    result.record["point/seconds"] =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    result.record["point/finished"] = std::chrono::duration<double>(now).count();
    result.record["point/host"] = host_name();
    return result;
}

void run_worker(const mpi::Communicator& world, PointSolver& solver, const Deadline& deadline) {
    constexpr int master = 0;
    constexpr auto look_interval = std::chrono::milliseconds(10);
    auto last_look = std::chrono::steady_clock::now();
    const auto poll = [&] {
        if (stop_request() == StopRequest::now || deadline.passed()) throw Interrupted();
        const auto now = std::chrono::steady_clock::now();
        if (now - last_look < look_interval) return;
        last_look = now;
        if (world.probe(master, Tag::stop)) throw Interrupted();
    };

    world.send(encode_introduction(host_name(), getpid()), master, Tag::request);
    std::deque<GridPoint> waiting;
    IdleSleep idle;
    while (true) {
        while (const auto envelope = world.probe(master)) {
            const std::string bytes = world.receive(*envelope);
            if (envelope->tag == Tag::stop) {
                world.send("", master, Tag::request);
                return;
            }
            waiting.push_back(point_of(decode_record(bytes)));
        }
        if (waiting.empty()) {
            idle.sleep();
            continue;
        }
        idle.reset();
        PointResult result = compute_point(solver, waiting.front(), poll);
        waiting.pop_front();
        world.send(encode_outcome(result.outcome, std::move(result.record)), master, Tag::result);
    }
}

}  // namespace attnpaths
