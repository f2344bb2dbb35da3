#include "sweep/compute_point.hpp"

#include "base/host_name.hpp"
#include "base/utc_time.hpp"
#include "store/columns.hpp"

#include <fmt/format.h>

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

/// A point of whose plan nothing could be answered.
Record failed_record(const GridPoint& point, const std::string& message) {
    Record record = describe_point(point);
    if (point.plan != nullptr)
        for (const PlannedAnalysis& planned : *point.plan) enter_answer(record, planned, message, 0);
    return record;
}

}  // namespace

PointResult failed_point(const GridPoint& point, const std::string& message) {
    PointResult result{Outcome::failed, failed_record(point, message), {}};
    complete(result, message, 0);
    return result;
}

void limit_size(PointResult& result, const GridPoint& point, std::uint64_t largest) {
    const std::uint64_t bytes = encoded_bytes(result.record) + result.checkpoint.bytes();
    if (bytes <= largest) return;
    if (result.outcome == Outcome::interrupted) {
        result.checkpoint = {};
        return;
    }
    constexpr double gibibyte = 1073741824;
    result = failed_point(
        point, fmt::format("its result of {:.3g} GiB is more than the {:.3g} GiB that a message "
                           "holds; store fewer draws (store.thin) or predictions",
                           static_cast<double>(bytes) / gibibyte, static_cast<double>(largest) / gibibyte));
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
    if (!message.empty()) result.record = failed_record(task.point, message);
    if (message.empty()) message = text_of(result.record, "point/message");
    if (!message.empty()) result.outcome = Outcome::failed;
    if (result.outcome != Outcome::done && result.outcome != Outcome::failed) {
        limit_size(result, task.point);
        return result;
    }
    result.checkpoint = {};
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
    complete(result, message, elapsed.count() + task.checkpoint.seconds());
    limit_size(result, task.point);
    return result;
}

}  // namespace attnpaths
