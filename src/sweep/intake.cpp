#include "sweep/intake.hpp"

#include "sweep/missing_points.hpp"

#include <fmt/format.h>

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
    for (Arrival& arrival : submissions_.look()) take(std::move(arrival));
    submissions_.settle(store_);
}

void Intake::take(Arrival arrival) {
    const std::size_t asked = arrival.points.size();
    std::vector<GridPoint> fresh;
    for (GridPoint& point : arrival.points)
        if (is_new(point.key)) fresh.push_back(std::move(point));
    std::vector<std::string> keys;
    NominalCost cost;
    for (const GridPoint& point : fresh) {
        keys.push_back(point.key);
        const PointState* state = store_.find(point.key);
        if (state != nullptr && state->status != PointState::Status::unfinished) continue;
        cost.theory += point.cost.theory;
        cost.sampling += point.cost.sampling;
    }
    store_.extend(keys, cost.theory, cost.sampling);
    Addition addition{arrival.id, std::move(arrival.parts), missing_points(store_, fresh, false)};
    progress_.extend(addition.points.size());
    progress_.message(fmt::format("submission {} by {}: {} point{}, {} to compute", arrival.id,
                                  arrival.asked_by, asked, asked == 1 ? "" : "s", addition.points.size()));
    if (!addition.points.empty()) news_.push_back(std::move(addition));
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
