#pragma once

#include "analyses/nominal_cost.hpp"
#include "analyses/plan.hpp"
#include "base/record.hpp"
#include "network/architecture.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace attnpaths {

/// One point of a sweep's grid.
struct GridPoint {
    Architecture architecture;
    Index examples = 0;             ///< P
    double temperature = 0;         ///< T
    std::int64_t seed = 0;          ///< of generated data
    std::string part;               ///< of the sweep; "" if it has none
    std::string key;                ///< of its problem (point/keys): of its row in the store
    NominalCost cost = {};          ///< of what is planned
    std::string submission = {};    ///< that the part belongs to; "" for the sweep's own
    std::string requested_by = {};  ///< who asked for it first, "user@host"; not part of the key
    /// What is wanted of it, or, once it is to be worked on, what of that is missing. Shared by many points;
    /// null for a rehearsal.
    std::shared_ptr<const Plan> plan = {};
    std::vector<NominalCost> plan_costs = {};  ///< of each in the plan
};

/// Plans these analyses for a point, with what each of them costs.
void set_plan(GridPoint& point, std::shared_ptr<const Plan> plan, std::vector<NominalCost> costs);

/// The point/* columns that say which point this is; also how a point travels to a worker.
Record describe_point(const GridPoint& point);

/// Inverse of describe_point, prior variances and outputs included.
/// @throws DataError if a column is missing
GridPoint point_from_record(const Record& record);

/// "width 30, P 100, heads 2:2, T 0.01, seed 1" for messages.
std::string point_text(const GridPoint& point);

}  // namespace attnpaths
