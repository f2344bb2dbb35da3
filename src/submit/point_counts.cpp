#include "submit/point_counts.hpp"

#include "analyses/registry.hpp"
#include "base/error.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace attnpaths {

namespace {

/// The answers of all points of a store, column by column.
class StoredAnswers {
  public:
    explicit StoredAnswers(const StoreView& store) {
        const std::vector<std::string>& present = store.columns();
        for (const Analysis& analysis : analyses()) {
            if (std::find(present.begin(), present.end(), analysis.name + "/status") == present.end())
                continue;
            columns_.push_back({&analysis, store.texts(analysis.name + "/status"),
                                store.texts(analysis.name + "/key"), store.texts(analysis.name + "/kept")});
        }
    }

    [[nodiscard]] Answers of(std::size_t point) const {
        Answers answers;
        for (const Column& column : columns_)
            if (!column.status[point].empty())
                answers.push_back({column.analysis, column.keys[point], column.kept[point],
                                   answer_status(column.status[point])});
        return answers;
    }

  private:
    struct Column {
        const Analysis* analysis;
        std::vector<std::string> status, keys, kept;
    };
    std::vector<Column> columns_;
};

std::shared_ptr<const Plan> plan_or_none(const std::string& text) {
    try {
        return std::make_shared<const Plan>(plan_of_text(text));
    } catch (const DataError&) {
        return nullptr;
    }
}

}  // namespace

PointCounts count_points(const StoreView& store, const std::vector<PointRequest>& requests) {
    const std::vector<std::string> keys = store.texts("point/key");
    const std::vector<std::string> status = store.texts("point/status");
    const StoredAnswers answers(store);
    const std::unordered_set<std::string> reopened(store.reopened().begin(), store.reopened().end());
    std::unordered_map<std::string_view, std::size_t> places;
    places.reserve(keys.size());
    for (std::size_t i = 0; i < keys.size(); ++i) places.emplace(keys[i], i);
    const auto is_answered = [&](const PointRequest& request, std::size_t point) {
        if (request.plan == nullptr) return !reopened.contains(request.key);
        const Answers present = answers.of(point);
        return std::none_of(request.plan->begin(), request.plan->end(), [&](const PlannedAnalysis& planned) {
            return is_missing(planned, present, false);
        });
    };
    PointCounts counts;
    for (const PointRequest& request : requests) {
        const auto found = places.find(request.key);
        if (found == places.end() || !is_answered(request, found->second))
            ++counts.unfinished;
        else
            ++(status[found->second] == "done" ? counts.done : counts.failed);
    }
    return counts;
}

std::vector<PointRequest> requests_of(const Submission& submission) {
    std::vector<std::shared_ptr<const Plan>> plans;
    for (const std::string& text : submission.plans) plans.push_back(plan_or_none(text));
    std::vector<PointRequest> requests;
    for (std::size_t i = 0; i < submission.keys.size(); ++i) {
        const std::size_t number = i < submission.plan_of.size() ? submission.plan_of[i] : 0;
        requests.push_back({submission.keys[i], number < plans.size() ? plans[number] : nullptr});
    }
    return requests;
}

}  // namespace attnpaths
