#include "sweep/missing_points.hpp"

#include "sweep/strikes.hpp"

namespace attnpaths {

std::vector<GridPoint> missing_points(Store& store, const std::vector<GridPoint>& points, bool retry_failed) {
    std::vector<GridPoint> missing;
    for (const GridPoint& point : points) {
        const PointState* state = store.find(point.key);
        if (state != nullptr && state->status == PointState::Status::done) continue;
        if (state != nullptr && state->status == PointState::Status::failed && !retry_failed) continue;
        if (is_struck_out(store, point.key) && !retry_failed) {
            Record record = describe_point(point);
            record["point/status"] = std::string("failed");
            record["point/message"] = strikes_text(store, point.key);
            store.finish(record);
            continue;
        }
        missing.push_back(point);
    }
    return missing;
}

}  // namespace attnpaths
