#include "sweep/missing_points.hpp"

#include <fmt/format.h>

namespace attnpaths {

std::vector<GridPoint> missing_points(Store& store, const std::vector<GridPoint>& points, bool retry_failed) {
    constexpr int most_strikes = 3;
    std::vector<GridPoint> missing;
    for (const GridPoint& point : points) {
        const PointState* state = store.find(point.key);
        if (state != nullptr && state->status == PointState::Status::done) continue;
        if (state != nullptr && state->status == PointState::Status::failed && !retry_failed) continue;
        if (state != nullptr && state->strikes >= most_strikes && !retry_failed) {
            Record record = describe_point(point);
            record["point/status"] = std::string("failed");
            record["point/message"] =
                fmt::format("in flight in {} runs that died: {}", state->strikes, state->last_strike);
            store.finish(record);
            continue;
        }
        missing.push_back(point);
    }
    return missing;
}

}  // namespace attnpaths
