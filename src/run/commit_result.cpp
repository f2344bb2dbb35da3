#include "run/commit_result.hpp"

#include "point/columns.hpp"

#include <fmt/format.h>

namespace attnpaths {

bool commit_result(Store& store, const PointResult& result, Progress& progress, CostModel& costs) {
    if (result.outcome != Outcome::done && result.outcome != Outcome::failed) return false;
    store.finish(result.record);
    if (result.outcome == Outcome::done) {
        costs.learn(result.record);
        progress.point_done();
    } else {
        progress.point_failed();
        progress.message(fmt::format("point failed ({}): {}", point_text(point_from_record(result.record)),
                                     text_of(result.record, "point/message")));
    }
    return true;
}

}  // namespace attnpaths
