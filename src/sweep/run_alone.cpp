#include "sweep/run_alone.hpp"

#include "sweep/checkpoint_clock.hpp"
#include "sweep/commit_result.hpp"
#include "sweep/compute_point.hpp"
#include "sweep/idle.hpp"
#include "sweep/overdue.hpp"
#include "sweep/point_pool.hpp"

#include <chrono>

namespace attnpaths {

RunSummary run_alone(PartsSolver& solver, Store& store, const std::vector<GridPoint>& points,
                     CostModel& costs, Intake& intake, const RunConfiguration& run, const Deadline& deadline,
                     Progress& progress) {
    const auto say = [&](const std::string& line) { progress.message(line); };
    PointPool pool(store, points, costs, say);
    CheckpointClock clock(run.checkpoint_period);
    std::string present;
    Deadline limit;  // of the present point
    PointHooks hooks;
    hooks.say = say;
    hooks.poll = [&] {
        if (stop_request() == StopRequest::now || deadline.passed() || limit.passed()) throw Interrupted();
    };
    hooks.poll_chain = [&] {
        if (stop_request() != StopRequest::none || deadline.passed() || limit.passed()) throw Interrupted();
    };
    hooks.wants_checkpoint = [&] { return clock.is_due(); };
    hooks.save = [&](const Checkpoint& checkpoint) {
        pool.note(present, checkpoint);
        store.sync();
        limit = Deadline(run.point_limit);
    };
    const auto start = std::chrono::steady_clock::now();
    const auto take_in = [&] {
        for (Addition& addition : intake.news()) {
            solver.add(addition.submission, std::move(addition.parts));
            pool.add(addition.points);
        }
    };
    RunSummary summary;
    IdleSleep idle;
    while (true) {
        summary.stop_reason = to_text(stop_request());
        const bool may_go_on = summary.stop_reason.empty();
        if (may_go_on) take_in();
        if (pool.is_empty() && !intake.waits()) {
            if (may_go_on) intake.look();
            if (!intake.has_news()) break;
            continue;
        }
        std::optional<PointTask> task;
        if (may_go_on) {
            task = pool.next_for(0, deadline.left());
            if (!task && (!pool.is_empty() || deadline.passed())) summary.stop_reason = deadline.reason();
        }
        if (!summary.stop_reason.empty()) {
            progress.message("stopping: " + summary.stop_reason);
            break;
        }
        if (!task) {
            store.compact_if_due();
            progress.show();
            idle.sleep();
            continue;
        }
        idle.reset();
        present = task->point.key;
        pool.begin(present);
        limit = Deadline(run.point_limit);
        PointResult result = compute_point(solver, *task, hooks);
        if (commit_result(store, result, progress, costs)) {
            pool.finish(present);
        } else if (limit.passed() && stop_request() == StopRequest::none && !deadline.passed()) {
            settle_overdue(*task, run.point_limit, store, pool, progress, costs, false);
        } else {
            pool.note(present, std::move(result.checkpoint));
            pool.give_up(task->point);
        }
        store.sync();
        store.compact_if_due();
        progress.show();
    }
    summary.stopped = !pool.is_empty();
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
    summary.times = {1, elapsed.count(), elapsed.count(), 0};
    return summary;
}

}  // namespace attnpaths
