#include "sweep/missing_points.hpp"

#include "analyses/registry.hpp"
#include "point/point_result.hpp"
#include "store/lost_attempts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <utility>

namespace attnpaths {

namespace {

const Answers no_answers;

/// Reduces points' plans to what is missing. Points that lack the same of one plan share what is left of it.
class Reducer {
  public:
    /// @returns whether anything is missing
    bool reduce(GridPoint& point, const PointState* state, bool retry_failed) {
        if (point.plan == nullptr) return is_missing_whole(state, retry_failed);
        const Answers& answers = state == nullptr || state->answers == nullptr ? no_answers : *state->answers;
        std::vector<bool> missing;
        std::vector<NominalCost> costs;
        for (std::size_t i = 0; i < point.plan->size(); ++i) {
            missing.push_back(is_missing((*point.plan)[i], answers, retry_failed));
            if (missing.back()) costs.push_back(point.plan_costs[i]);
        }
        if (costs.empty()) return false;
        if (costs.size() == missing.size()) return true;
        std::shared_ptr<const Plan>& left = known_[{point.plan, missing}];
        if (left == nullptr) left = part_of(*point.plan, missing);
        set_plan(point, left, std::move(costs));
        return true;
    }

  private:
    /// Of a point that has no analyses.
    static bool is_missing_whole(const PointState* state, bool retry_failed) {
        if (state == nullptr || !state->has_row) return true;
        return state->status == PointState::Status::failed && retry_failed;
    }

    static std::shared_ptr<const Plan> part_of(const Plan& plan, const std::vector<bool>& chosen) {
        auto part = std::make_shared<Plan>();
        for (std::size_t i = 0; i < plan.size(); ++i)
            if (chosen[i]) part->push_back(plan[i]);
        return part;
    }

    std::map<std::pair<std::shared_ptr<const Plan>, std::vector<bool>>, std::shared_ptr<const Plan>> known_;
};

/// Names of analyses, in the order of the registry.
std::string names_of(const std::set<const Analysis*>& chosen) {
    std::string names;
    for (const Analysis& analysis : analyses())
        if (chosen.contains(&analysis)) names += (names.empty() ? "" : ", ") + analysis.name;
    return names;
}

}  // namespace

std::string lacks_text(const Store& store, const std::vector<GridPoint>& missing) {
    std::set<const Analysis*> lacking;
    std::size_t rows = 0;
    for (const GridPoint& point : missing) {
        const PointState* state = store.find(point.key);
        if (state == nullptr || !state->has_row || point.plan == nullptr) continue;
        ++rows;
        for (const PlannedAnalysis& planned : *point.plan) lacking.insert(planned.analysis);
    }
    return rows == 0 ? ""
                     : fmt::format("{} of them lack{} {}", rows, rows == 1 ? "s" : "", names_of(lacking));
}

std::string losses_text(const Store& store, const std::vector<GridPoint>& missing) {
    std::set<const Analysis*> lost;
    std::size_t rows = 0;
    for (const GridPoint& point : missing) {
        const PointState* state = store.find(point.key);
        if (state == nullptr || state->answers == nullptr || point.plan == nullptr) continue;
        Answers newer;
        for (const PlannedAnalysis& planned : *point.plan)
            newer.push_back({planned.analysis, planned.key, planned.kept, AnswerStatus::done});
        const std::vector<const Analysis*> fallen = outdated(*state->answers, newer);
        rows += fallen.empty() ? 0 : 1;
        lost.insert(fallen.begin(), fallen.end());
    }
    if (rows == 0) return "";
    return fmt::format(
        "{} point{} lose{} {}, which need{} what is made again with other settings; name {} in analyses.run "
        "to have "
        "{} made again too",
        rows, rows == 1 ? "" : "s", rows == 1 ? "s" : "", names_of(lost), lost.size() == 1 ? "s" : "",
        lost.size() == 1 ? "it" : "them", lost.size() == 1 ? "it" : "them");
}

bool is_answered(const Store& store, const std::string& key, const Plan* plan) {
    const PointState* state = store.find(key);
    if (state == nullptr || !state->has_row) return false;
    return plan == nullptr || std::none_of(plan->begin(), plan->end(), [&](const PlannedAnalysis& planned) {
               return is_missing(planned, *state->answers, false);
           });
}

std::vector<GridPoint> missing_points(Store& store, const std::vector<GridPoint>& points, bool retry_failed) {
    std::vector<GridPoint> missing;
    std::vector<std::string> reopened;
    Reducer reducer;
    for (const GridPoint& wanted : points) {
        GridPoint point = wanted;
        const PointState* state = store.find(point.key);
        if (!reducer.reduce(point, state, retry_failed)) continue;
        if (has_lost_too_often(store, point.key) && !retry_failed) {
            store.finish(failed_point(point, lost_attempts_text(store, point.key)).record);
            continue;
        }
        if (state != nullptr && state->has_row) reopened.push_back(point.key);
        missing.push_back(std::move(point));
    }
    store.reopen(reopened);
    return missing;
}

}  // namespace attnpaths
