#pragma once

#include "analyses/plan.hpp"
#include "store/store_view.hpp"
#include "submit/submission_box.hpp"

#include <memory>
#include <string>
#include <vector>

namespace attnpaths {

/// What somebody wants of a point.
struct PointRequest {
    std::string key;
    std::shared_ptr<const Plan> plan = {};  ///< null: to be finished is enough
};

/// How many of some points a store has.
struct PointCounts {
    std::size_t done = 0;
    std::size_t failed = 0;
    std::size_t unfinished = 0;  ///< those included of which the store lacks something that is wanted
};

PointCounts count_points(const StoreView& store, const std::vector<PointRequest>& requests);

/// Requests of a submission; where its plans cannot be read, to be finished is enough.
std::vector<PointRequest> requests_of(const Submission& submission);

}  // namespace attnpaths
