#include "run/point_pool.hpp"

#include "analyses/registry.hpp"
#include "point/columns.hpp"
#include "point/schema.hpp"
#include "run/compute_point.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

namespace attnpaths {

/// The checkpoint that the store has of a point, empty if none.
Checkpoint PointPool::stored_checkpoint(const std::string& key) const {
    const PointState* state = store_.find(key);
    if (state == nullptr || state->checkpoint.empty()) return {};
    std::optional<Checkpoint> checkpoint = usable_checkpoint(state->checkpoint);
    if (!checkpoint)
        say_(
            fmt::format("note: point {}: its checkpoint is damaged or of another version of the program; the "
                        "point begins again",
                        key));
    return std::move(checkpoint).value_or(Checkpoint());
}

PointPool::PointPool(Store& store, const std::vector<GridPoint>& points, const CostModel& costs,
                     std::function<void(const std::string&)> say)
    : store_(store), say_(std::move(say)), queue_({}, costs), suspects_({}, costs) {
    add(points);
}

void PointPool::add(const std::vector<GridPoint>& points) {
    for (const GridPoint& point : points) {
        const PointState* state = store_.find(point.key);
        (state != nullptr && state->lost_attempts > 0 ? suspects_ : queue_).put(point);
        Checkpoint checkpoint = stored_checkpoint(point.key);
        if (!checkpoint.empty()) checkpoints_[point.key] = std::move(checkpoint);
    }
}

PointTask PointPool::task_of(const GridPoint& point, Checkpoint checkpoint, std::optional<PointPart> part,
                             bool is_spread) {
    PointTask task{point, std::move(checkpoint), std::move(part), is_spread};
    const PointState* state = store_.find(point.key);
    if (state == nullptr || !state->has_row || point.plan == nullptr) return task;
    std::set<const Analysis*> wanted;
    for (const PlannedAnalysis& planned : *point.plan)
        for (const std::string& need : planned.analysis->needs) wanted.insert(find_analysis(need));
    for (const PlannedAnalysis& planned : *point.plan) wanted.erase(planned.analysis);
    if (wanted.empty()) return task;
    task.known = store_.row(point.key);
    std::erase_if(task.known, [&](const auto& entry) { return !wanted.contains(analysis_of(entry.first)); });
    return task;
}

bool PointPool::has_task(double seconds_left) const {
    return !spread_tasks_.empty() || queue_.has_any(seconds_left) || suspects_.has_any(seconds_left);
}

std::optional<PointTask> PointPool::next_for(int worker, double seconds_left) {
    if (!spread_tasks_.empty()) return next_spread_task(worker);
    std::optional<GridPoint> point = queue_.next_for(worker, seconds_left);
    if (!point) point = suspects_.next_for(worker, seconds_left);
    if (!point) return std::nullopt;
    const auto known = checkpoints_.find(point->key);
    return task_of(*point, known == checkpoints_.end() ? Checkpoint() : known->second, std::nullopt, false);
}

PointTask PointPool::next_spread_task(int worker) {
    const auto had = [&](const PointTask& task) {
        if (!task.part) return false;
        const std::map<int, int>& workers = spread_points_.at(task.point.key).workers;
        const auto last = workers.find(task.part->pieces.front());
        return last != workers.end() && last->second == worker;
    };
    auto next = std::find_if(spread_tasks_.begin(), spread_tasks_.end(), had);
    if (next == spread_tasks_.end()) next = spread_tasks_.begin();
    PointTask task = std::move(*next);
    spread_tasks_.erase(next);
    if (task.part)
        for (const int piece : task.part->pieces) spread_points_.at(task.point.key).workers[piece] = worker;
    return task;
}

void PointPool::begin(const std::string& key) {
    if (begun_.insert(key).second) store_.start(key);
}

void PointPool::note(const GridPoint& point, Checkpoint checkpoint) {
    if (checkpoint.empty()) return;
    Checkpoint& present = checkpoints_[point.key];
    present.merge(std::move(checkpoint));
    present.point = point_text(describe_point(point));
    const Checkpoint lasting = present.lasting();
    // One that is too large for the journal is worth no more than a point that begins again.
    if (lasting.empty() || lasting.bytes() > largest_result) return;
    std::string encoded = encode_checkpoint(lasting);
    const PointState* stored = store_.find(point.key);
    if (stored == nullptr || stored->checkpoint != encoded) store_.checkpoint(point.key, std::move(encoded));
}

void PointPool::finish(const std::string& key) {
    checkpoints_.erase(key);
    spread_points_.erase(key);
    begun_.erase(key);
}

void PointPool::give_up(const GridPoint& point) {
    store_.release(point.key);
    if (spread_points_.contains(point.key)) return;
    begun_.erase(point.key);
    queue_.put(point);
}

void PointPool::lose_attempt(const std::string& key, const std::string& message) {
    store_.lose_attempt(key, message);
    begun_.erase(key);
}

void PointPool::wait_again(const GridPoint& point) {
    const auto spread = spread_points_.find(point.key);
    if (spread == spread_points_.end())
        suspects_.put(point);
    else
        spread_tasks_.push_back(
            task_of(point, checkpoints_[point.key], std::nullopt, !spread->second.is_beyond_spreading));
}

void PointPool::release_all() {
    for (const std::string& key : begun_) store_.release(key);
    begun_.clear();
}

void PointPool::spread(const GridPoint& point, std::size_t workers) {
    SpreadPoint& state = spread_points_.try_emplace(point.key, SpreadPoint{point}).first->second;
    const Checkpoint& checkpoint = checkpoints_[point.key];
    for (const auto& [method, ensemble] : checkpoint.methods) {
        std::vector<PointPart> groups(std::max<std::size_t>(workers, 1), {method, {}});
        std::size_t unfinished = 0;
        for (std::size_t chain = 0; chain < ensemble.chains.size(); ++chain)
            if (ensemble.chains[chain].draws < ensemble.goal)
                groups[unfinished++ % groups.size()].pieces.push_back(static_cast<int>(chain));
        groups.resize(std::min(groups.size(), unfinished));
        for (PointPart& group : groups) {
            Checkpoint own = checkpoint.for_part(method, group.pieces);
            spread_tasks_.push_back(task_of(point, std::move(own), std::move(group), true));
            ++state.tasks_at_work;
        }
    }
}

void PointPool::take_part(const PointTask& task, PointResult result, bool is_stopping) {
    const std::string& key = task.point.key;
    SpreadPoint& point = spread_points_.at(key);
    if (result.outcome == Outcome::failed) {
        // As one point in one worker its failure is a verdict of the point.
        point.is_beyond_spreading = true;
    } else {
        note(task.point, std::move(result.checkpoint));
    }
    if (--point.tasks_at_work > 0 || is_stopping) return;
    spread_tasks_.push_front(
        task_of(task.point, checkpoints_[key], std::nullopt, !point.is_beyond_spreading));
}

}  // namespace attnpaths
