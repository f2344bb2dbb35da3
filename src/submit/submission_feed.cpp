#include "submit/submission_feed.hpp"

#include "sweep/missing_points.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace attnpaths {

SubmissionFeed::SubmissionFeed(Store& store, Submissions& submissions, Progress& progress,
                               const std::vector<GridPoint>& points, bool waits)
    : store_(store), submissions_(submissions), progress_(progress), waits_(waits) {
    for (const GridPoint& point : points) static_cast<void>(is_new(point.key));
}

bool SubmissionFeed::is_new(const std::string& key) {
    if (!known_.insert(key).second) return false;
    wanted_.push_back(key);
    return true;
}

void SubmissionFeed::look() {
    // Before anybody else's requests change their rows.
    submissions_.settle(store_);
    take_deferred();
    for (AcceptedSubmission& accepted : submissions_.look()) take(std::move(accepted));
    submissions_.settle(store_);
}

void SubmissionFeed::take(AcceptedSubmission accepted) {
    const std::size_t asked = accepted.points.size();
    std::vector<GridPoint> fresh;
    Deferred later;
    for (GridPoint& point : accepted.points) {
        const bool is_first = is_new(point.key);
        const PointState* state = store_.find(point.key);
        const bool is_in_work = state == nullptr || state->status == PointState::Status::unfinished;
        (is_first || !is_in_work ? fresh : later.points).push_back(std::move(point));
    }
    const std::size_t to_compute = add(accepted.id, accepted.parts, fresh);
    progress_.message(fmt::format("submission {} by {}: {} point{}, {} to compute", accepted.id,
                                  accepted.requested_by, asked, asked == 1 ? "" : "s", to_compute));
    if (later.points.empty()) return;
    later.parts = std::move(accepted.parts);
    deferred_.emplace(accepted.id, std::move(later));
}

std::size_t SubmissionFeed::add(const std::string& submission, const std::vector<EncodedPart>& parts,
                                const std::vector<GridPoint>& points) {
    std::vector<std::string> keys;
    for (const GridPoint& point : points) keys.push_back(point.key);
    std::vector<GridPoint> missing = missing_points(store_, points, false);
    NominalCost cost;
    for (const GridPoint& point : missing) cost += point.cost;
    store_.extend(keys, cost.theory, cost.sampling);
    progress_.extend(missing.size(), cost.seconds());
    const std::size_t number = missing.size();
    if (number > 0) new_points_.push_back({submission, parts, std::move(missing)});
    return number;
}

/// Points that others have finished meanwhile may lack what a submission wants of them.
void SubmissionFeed::take_deferred() {
    for (auto entry = deferred_.begin(); entry != deferred_.end();) {
        Deferred& deferred = entry->second;
        const auto ready = std::stable_partition(
            deferred.points.begin(), deferred.points.end(), [&](const GridPoint& point) {
                const PointState* state = store_.find(point.key);
                return state == nullptr || state->status == PointState::Status::unfinished;
            });
        const std::vector<GridPoint> points(std::make_move_iterator(ready),
                                            std::make_move_iterator(deferred.points.end()));
        deferred.points.erase(ready, deferred.points.end());
        if (!points.empty()) add(entry->first, deferred.parts, points);
        entry = deferred.points.empty() ? deferred_.erase(entry) : std::next(entry);
    }
}

std::vector<SubmittedPoints> SubmissionFeed::new_points() {
    if (submissions_.is_due()) look();
    return std::exchange(new_points_, {});
}

void SubmissionFeed::close() {
    submissions_.settle(store_);
    submissions_.close();
}

}  // namespace attnpaths
