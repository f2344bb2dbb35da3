#include "run/commit_result.hpp"

#include "analyses/plan.hpp"
#include "point/columns.hpp"

#include <fmt/format.h>

namespace attnpaths {

bool commit_result(Store& store, const PointResult& result, Progress& progress, CostModel& costs) {
    if (result.outcome != Outcome::done && result.outcome != Outcome::failed) return false;
    store.finish(result.record);
    if (result.outcome == Outcome::done) {
        costs.learn(result.record);
        progress.point_done();
        for (const auto& [analysis, reason] : left_out(result.record))
            progress.message_once(
                analysis + " left out",
                fmt::format("note: {} is left out where a point is no case for it, first at {}: {}", analysis,
                            point_text(point_from_record(result.record)), reason));
    } else {
        progress.point_failed();
        progress.message(fmt::format("point failed ({}): {}", point_text(point_from_record(result.record)),
                                     text_of(result.record, "point/message")));
    }
    return true;
}

}  // namespace attnpaths
