#include "point/point_result.hpp"

#include "base/host_name.hpp"
#include "base/utc_time.hpp"

namespace attnpaths {

void complete(PointResult& result, const std::string& message, double seconds) {
    result.record["point/status"] = std::string(result.outcome == Outcome::done ? "done" : "failed");
    result.record["point/message"] = message;
    result.record["point/seconds"] = seconds;
    result.record["point/finished"] = now_seconds();
    result.record["point/host"] = host_name();
}

Record failed_record(const GridPoint& point, const std::string& message) {
    Record record = describe_point(point);
    if (point.plan != nullptr)
        for (const PlannedAnalysis& planned : *point.plan)
            enter_answer(record, planned, AnswerStatus::failed, message, 0);
    return record;
}

PointResult failed_point(const GridPoint& point, const std::string& message) {
    PointResult result{Outcome::failed, failed_record(point, message), {}};
    complete(result, message, 0);
    return result;
}

}  // namespace attnpaths
