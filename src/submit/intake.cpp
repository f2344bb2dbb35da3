#include "submit/intake.hpp"

#include "sweep/missing_points.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace attnpaths {

Intake::Intake(Store& store, Submissions& submissions, Progress& progress,
               const std::vector<GridPoint>& points, bool waits)
    : store_(store), submissions_(submissions), progress_(progress), waits_(waits) {
    for (const GridPoint& point : points) static_cast<void>(is_new(point.key));
}

bool Intake::is_new(const std::string& key) {
    if (!known_.insert(key).second) return false;
    wanted_.push_back(key);
    return true;
}

void Intake::look() {
    // Before anybody else's wishes change their rows.
    submissions_.settle(store_);
    take_deferred();
    for (Arrival& arrival : submissions_.look()) take(std::move(arrival));
    submissions_.settle(store_);
}

void Intake::take(Arrival arrival) {
    const std::size_t asked = arrival.points.size();
    std::vector<GridPoint> fresh;
    Deferred later;
    for (GridPoint& point : arrival.points) {
        const bool is_first = is_new(point.key);
        const PointState* state = store_.find(point.key);
        const bool is_in_work = state == nullptr || state->status == PointState::Status::unfinished;
        (is_first || !is_in_work ? fresh : later.points).push_back(std::move(point));
    }
    const std::size_t to_compute = add(arrival.id, arrival.parts, fresh);
    progress_.message(fmt::format("submission {} by {}: {} point{}, {} to compute", arrival.id,
                                  arrival.asked_by, asked, asked == 1 ? "" : "s", to_compute));
    if (later.points.empty()) return;
    later.parts = std::move(arrival.parts);
    deferred_.emplace(arrival.id, std::move(later));
}

std::size_t Intake::add(const std::string& submission, const std::vector<EncodedPart>& parts,
                        const std::vector<GridPoint>& points) {
    std::vector<std::string> keys;
    for (const GridPoint& point : points) keys.push_back(point.key);
    std::vector<GridPoint> missing = missing_points(store_, points, false);
    NominalCost cost;
    for (const GridPoint& point : missing) cost += point.cost;
    store_.extend(keys, cost.theory, cost.sampling);
    progress_.extend(missing.size());
    const std::size_t number = missing.size();
    if (number > 0) news_.push_back({submission, parts, std::move(missing)});
    return number;
}

/// Points that others have finished meanwhile may lack what a submission wants of them.
void Intake::take_deferred() {
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

std::vector<Addition> Intake::news() {
    if (submissions_.is_due()) look();
    return std::exchange(news_, {});
}

void Intake::close() {
    submissions_.settle(store_);
    submissions_.close();
}

}  // namespace attnpaths
