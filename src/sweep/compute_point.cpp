#include "sweep/compute_point.hpp"

#include "base/host_name.hpp"
#include "base/utc_time.hpp"
#include "store/columns.hpp"

#include <chrono>
#include <new>

namespace attnpaths {

namespace {

/// Adds what only the worker knows to the record of a point done or failed.
void complete(PointResult& result, const std::string& message, double seconds) {
    result.record["point/status"] = std::string(result.outcome == Outcome::done ? "done" : "failed");
    result.record["point/message"] = message;
    result.record["point/seconds"] = seconds;
    result.record["point/finished"] = now_seconds();
    result.record["point/host"] = host_name();
}

}  // namespace

PointResult failed_point(const GridPoint& point, const std::string& message) {
    PointResult result{Outcome::failed, describe_point(point), {}};
    complete(result, message, 0);
    return result;
}

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
    if (!message.empty()) result.record = describe_point(task.point);
    if (message.empty()) message = text_of(result.record, "point/message");
    if (!message.empty()) result.outcome = Outcome::failed;
    if (result.outcome != Outcome::done && result.outcome != Outcome::failed) return result;
    result.checkpoint = {};
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
    complete(result, message, elapsed.count() + task.checkpoint.seconds());
    return result;
}

}  // namespace attnpaths
