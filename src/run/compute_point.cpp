#include "run/compute_point.hpp"

#include "base/settings.hpp"
#include "point/columns.hpp"

#include <fmt/format.h>

#include <chrono>
#include <new>

namespace attnpaths {

void limit_size(PointResult& result, const GridPoint& point, std::uint64_t largest) {
    const std::uint64_t bytes = encoded_bytes(result.record) + result.checkpoint.bytes();
    if (bytes <= largest) return;
    if (result.outcome == Outcome::interrupted) {
        result.checkpoint = {};
        return;
    }
    result = failed_point(point, fmt::format("its result of {} is more than the {} that a message "
                                             "holds; store fewer draws (store.thin) or predictions",
                                             memory_text(static_cast<double>(bytes)),
                                             memory_text(static_cast<double>(largest))));
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
        // What a part rests on is known where it came from.
        if (task.part) result.checkpoint = result.checkpoint.only(task.part->method, task.part->pieces);
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
