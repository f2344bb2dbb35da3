#include "run/commit_result.hpp"

#include "analyses/plan.hpp"
#include "point/columns.hpp"

#include <fmt/format.h>

namespace attnpaths {

bool commit_result(Store& store, const PointResult& result, Progress& progress, CostModel& costs) {
    if (result.outcome != Outcome::done && result.outcome != Outcome::failed) return false;
    store.finish(result.record);
    const GridPoint point = point_from_record(result.record);
    if (result.outcome == Outcome::done) {
        costs.learn(result.record);
        progress.point_done(point.cost.seconds());
        for (const auto& [analysis, reason] : left_out(result.record))
            progress.message_once(
                analysis + " left out",
                fmt::format("note: {} is left out where a point is no case for it, first at {}: {}", analysis,
                            point_text(point), reason));
    } else {
        progress.point_failed(point.cost.seconds());
        progress.message(
            fmt::format("point failed ({}): {}", point_text(point), text_of(result.record, "point/message")));
    }
    return true;
}

}  // namespace attnpaths
