#include "run/run_alone.hpp"

#include "farm/checkpoint_clock.hpp"
#include "farm/idle_sleep.hpp"
#include "run/commit_result.hpp"
#include "run/compute_point.hpp"
#include "run/numerics_watch.hpp"
#include "run/overdue.hpp"
#include "run/point_pool.hpp"
#include "theory/numerics_fingerprint.hpp"

#include <chrono>
#include <memory>
#include <optional>

namespace attnpaths {

RunSummary run_alone(AttendedWork& computation, const std::shared_ptr<PartsSolver>& solver, Store& store,
                     const std::vector<GridPoint>& points, CostModel& costs, SubmissionFeed& feed,
                     const RunConfiguration& run, const Deadline& deadline, Progress& progress) {
    const auto say = [&](const std::string& line) { progress.message(line); };
    NumericsWatch(store, progress).take(numerics_fingerprint(), "this process");
    PointPool pool(store, points, costs, say);
    CheckpointClock clock(run.checkpoint_period);
    std::shared_ptr<const PointTask> present;
    Deadline limit;  // of the present point
    PointHooks hooks;
    hooks.say = computation.in_turn(say);
    const auto must_stop = [&] { return stop_request() == StopRequest::now || deadline.passed(); };
    hooks.poll = computation.in_turn([&] {
        if (must_stop() || limit.passed()) throw Interrupted();
    });
    hooks.poll_chain = computation.in_turn([&] {
        if (must_stop() || stop_request() != StopRequest::none || limit.passed()) throw Interrupted();
    });
    hooks.wants_checkpoint = computation.in_turn([&] { return clock.is_due(); });
    hooks.save = computation.in_turn([&](const Checkpoint& checkpoint) {
        pool.note(present->point, checkpoint);
        store.sync();
        store.compact_if_due();
        limit = Deadline(run.point_limit);
    });
    StopGrace grace;
    const auto start = std::chrono::steady_clock::now();
    const auto take_in_submissions = [&] {
        for (SubmittedPoints& submitted : feed.new_points()) {
            solver->add(submitted.submission, std::move(submitted.parts));
            pool.add(submitted.points);
        }
    };
    RunSummary summary;
    IdleSleep idle;
    while (true) {
        summary.stop_reason = stop_signal();
        const bool may_go_on = summary.stop_reason.empty();
        if (may_go_on) take_in_submissions();
        if (pool.is_empty() && !feed.waits()) {
            if (may_go_on) feed.look();
            if (!feed.has_new_points()) break;
            continue;
        }
        std::optional<PointTask> next;
        if (may_go_on) {
            next = pool.next_for(0, deadline.left());
            if (!next && (!pool.is_empty() || deadline.passed())) summary.stop_reason = deadline.reason();
        }
        if (!summary.stop_reason.empty()) {
            progress.message("stopping: " + summary.stop_reason);
            break;
        }
        if (!next) {
            store.compact_if_due();
            progress.show();
            idle.sleep();
            continue;
        }
        idle.reset();
        const auto task = std::make_shared<const PointTask>(std::move(*next));
        present = task;
        pool.begin(task->point.key);
        limit = Deadline(run.point_limit);
        std::optional<PointResult> result =
            computation.result_of([solver, task, hooks] { return compute_point(*solver, *task, hooks); },
                                  [&] { return grace.has_passed(must_stop()); });
        if (!result) {
            pool.give_up(task->point);  // with its latest checkpoint; the loop ends now
        } else if (commit_result(store, *result, progress, costs)) {
            pool.finish(task->point.key);
        } else if (limit.passed() && stop_request() == StopRequest::none && !deadline.passed()) {
            settle_overdue(*task, run.point_limit, store, pool, progress, costs, false);
        } else {
            pool.note(task->point, std::move(result->checkpoint));
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
