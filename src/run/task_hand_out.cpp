#include "run/task_hand_out.hpp"

#include "farm/message_batch.hpp"
#include "run/commit_result.hpp"
#include "run/compute_point.hpp"
#include "run/protocol.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iterator>
#include <optional>
#include <utility>

namespace attnpaths {

void TaskHandOut::add(const SubmittedPoints& submitted) {
    parts_[submitted.submission] = encode_submitted_parts(submitted.submission, submitted.parts);
    pool_.add(submitted.points);
}

void TaskHandOut::hand_out(int rank) {
    WorkerState& to = worker(rank);
    if (!to.introduction || to.left || to.stop != StopRequest::none) return;
    std::vector<std::string> batch;
    std::size_t bytes = 0;
    while (to.outstanding.size() < tasks_wanted(to) && bytes < large_batch) {
        std::optional<PointTask> task = pool_.next_for(rank, deadline_.left());
        if (!task) break;
        if (task->checkpoint.bytes() > largest_result) {
            // Its parts came together from several workers.
            fail_as_too_large(*task);
            continue;
        }
        if (to.outstanding.empty()) {
            pool_.begin(task->point.key);
            to.has_news();
        }
        send_parts_once(task->point.submission, rank);
        batch.push_back(encode_task(*task));
        bytes += batch.back().size();
        task->checkpoint = {};  // is the worker's now
        to.outstanding.push_back(std::move(*task));
    }
    if (batch.empty()) return;
    to.clock.start(WorkerState::Clock::now());
    outbox_.send(encode_batch(batch), rank, Tag::work);
}

void TaskHandOut::fail_as_too_large(const PointTask& task) {
    PointResult result{Outcome::done, {}, task.checkpoint};
    limit_size(result, task.point);
    commit_result(store_, result, progress_, costs_);
    pool_.finish(task.point.key);
}

/// A worker must know the parts of a submission before its points.
void TaskHandOut::send_parts_once(const std::string& submission, int rank) {
    if (submission.empty() || !worker(rank).submissions.insert(submission).second) return;
    outbox_.send(parts_.at(submission), rank, Tag::parts);
}

std::size_t TaskHandOut::tasks_wanted(const WorkerState& to) const {
    constexpr double batch_seconds = 0.1;
    constexpr std::size_t most = 256;
    // A fair share of what waits, so that the last points are spread evenly.
    const std::size_t fair = pool_.waiting() / (2 * workers_.size());
    if (fair < 2 || to.outstanding.empty()) return fair < 2 ? 1 : 2;
    const double seconds = std::max(costs_.seconds(to.outstanding.front().point), 1e-6);
    const double wanted = std::ceil(batch_seconds / seconds);
    return std::clamp(wanted < most ? static_cast<std::size_t>(wanted) : most, std::size_t{2}, fair);
}

void TaskHandOut::ask_to_share() {
    if (pool_.has_task(deadline_.left())) return;
    auto idle = std::count_if(workers_.begin() + 1, workers_.end(), [](const WorkerState& state) {
        return state.introduction && state.outstanding.empty();
    });
    for (int rank = 1; rank < std::ssize(workers_) && idle > 0; ++rank) {
        WorkerState& busy = worker(rank);
        if (busy.outstanding.empty() || busy.outstanding.front().part) continue;
        const GridPoint& point = busy.outstanding.front().point;
        if (point.cost.sampling <= 0 && point.cost.passes <= 0) continue;
        --idle;
        // What comes back from parts as a whole point is handed back unasked, or cannot be spread.
        if (busy.asked_to_share || pool_.is_spread(point.key)) continue;
        busy.asked_to_share = true;
        outbox_.send(point.key, rank, Tag::share);
    }
}

}  // namespace attnpaths
