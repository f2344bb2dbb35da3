#include "point/point_task.hpp"

#include "base/error.hpp"
#include "base/standard_streams.hpp"
#include "point/columns.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace attnpaths {

namespace {

constexpr const char* plan_column = "plan";
constexpr const char* costs_column = "plan_costs";

void add_plan(Record& record, const GridPoint& point) {
    if (point.plan == nullptr) return;
    record[plan_column] = plan_text(*point.plan);
    ValueArray costs{{point.plan_costs.size(), 2}, {}};
    for (const NominalCost& cost : point.plan_costs)
        costs.values.insert(costs.values.end(), {cost.theory, cost.sampling});
    record[costs_column] = std::move(costs);
}

/// The plan that points of one text share, as long as one follows the other.
std::shared_ptr<const Plan> shared_plan(const std::string& text) {
    thread_local std::string present;
    thread_local std::shared_ptr<const Plan> plan;
    if (plan == nullptr || present != text) {
        plan = std::make_shared<const Plan>(plan_of_text(text));
        present = text;
    }
    return plan;
}

void take_plan(const Record& record, GridPoint& point) {
    if (!record.contains(plan_column)) return;
    point.plan = shared_plan(text_of(record, plan_column));
    const auto found = record.find(costs_column);
    const auto* costs = found == record.end() ? nullptr : std::get_if<ValueArray>(&found->second);
    if (costs == nullptr || costs->values.size() != 2 * point.plan->size())
        throw DataError("a task without the costs of its plan");
    for (std::size_t i = 0; i < costs->values.size(); i += 2)
        point.plan_costs.push_back({costs->values[i], costs->values[i + 1]});
}

}  // namespace

std::string encode_task(const PointTask& task) {
    Record record = task.known;
    record.merge(describe_point(task.point));
    add_plan(record, task.point);
    record["checkpoint"] = encode_checkpoint(task.checkpoint);
    record["is_spread"] = std::int64_t{task.is_spread ? 1 : 0};
    if (task.part) {
        record["pieces"] =
            ValueArray{{task.part->pieces.size()}, {task.part->pieces.begin(), task.part->pieces.end()}};
        record["method"] = task.part->method;
    }
    return encode_record(record);
}

PointTask decode_task(std::string_view bytes) {
    Record record = decode_record(bytes);
    PointTask task{point_from_record(record), decode_checkpoint(text_of(record, "checkpoint")), std::nullopt,
                   integer_of(record, "is_spread", 0) != 0};
    if (const auto found = record.find("pieces"); found != record.end()) {
        const auto* pieces = std::get_if<ValueArray>(&found->second);
        if (pieces == nullptr) throw DataError("a task with pieces that are no numbers");
        task.part = PointPart{text_of(record, "method"), {pieces->values.begin(), pieces->values.end()}};
    }
    take_plan(record, task.point);
    for (auto& [column, value] : record)
        if (column.find('/') != std::string::npos && !column.starts_with("point/"))
            task.known.emplace(column, std::move(value));
    return task;
}

void note_on_standard_error(const std::string& line) {
    print_error("attnpaths sweep: {}\n", line);
}

}  // namespace attnpaths
