#include "point/grid_point.hpp"

#include "analyses/cost.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "datasets/head_counts.hpp"
#include "point/columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace attnpaths {

namespace {

ValueArray array_of(const std::vector<double>& values) {
    return {{values.size()}, values};
}

template <class T>
const T& get(const Record& record, const char* column) {
    const auto entry = record.find(column);
    if (entry == record.end() || !std::holds_alternative<T>(entry->second))
        throw DataError(fmt::format("a grid point without {}", column));
    return std::get<T>(entry->second);
}

}  // namespace

void set_plan(GridPoint& point, std::shared_ptr<const Plan> plan, std::vector<NominalCost> costs) {
    point.cost = sum_of(costs);
    point.plan = std::move(plan);
    point.plan_costs = std::move(costs);
}

Record describe_point(const GridPoint& point) {
    const Architecture& architecture = point.architecture;
    std::vector<double> widths = architecture.widths;
    widths.push_back(architecture.readout_width);
    std::vector<double> variances = {architecture.variances.input};
    variances.insert(variances.end(), architecture.variances.layers.begin(),
                     architecture.variances.layers.end());
    variances.push_back(architecture.variances.readout);
    const std::vector<double> heads(architecture.heads.begin(), architecture.heads.end());
    Record record;
    record["point/key"] = point.key;
    if (!point.part.empty()) record["point/part"] = point.part;
    if (!point.submission.empty()) record["point/submission"] = point.submission;
    if (!point.requested_by.empty()) record["point/asked_by"] = point.requested_by;
    record["point/width"] = architecture.largest_width();
    record["point/widths"] = array_of(widths);
    record["point/examples"] = static_cast<std::int64_t>(point.examples);
    record["point/heads"] =
        static_cast<std::int64_t>(*std::max_element(architecture.heads.begin(), architecture.heads.end()));
    record["point/head_counts"] = array_of(heads);
    record["point/depth"] = static_cast<std::int64_t>(architecture.depth());
    record["point/paths"] = static_cast<std::int64_t>(architecture.paths());
    record["point/outputs"] = static_cast<std::int64_t>(architecture.outputs);
    record["point/variances"] = array_of(variances);
    record["point/temperature"] = point.temperature;
    record["point/seed"] = point.seed;
    record["point/nominal_theory"] = point.cost.theory;
    record["point/nominal_sampling"] = point.cost.sampling;
    return record;
}

GridPoint point_from_record(const Record& record) {
    GridPoint point;
    Architecture& architecture = point.architecture;
    architecture.widths = get<ValueArray>(record, "point/widths").values;
    if (architecture.widths.empty()) throw DataError("a grid point without widths");
    architecture.readout_width = architecture.widths.back();
    architecture.widths.pop_back();
    for (const double heads : get<ValueArray>(record, "point/head_counts").values) {
        if (!(heads >= 0 && heads <= std::numeric_limits<int>::max()))
            throw DataError(fmt::format("a grid point with {} heads in a layer", heads));
        architecture.heads.push_back(static_cast<Index>(heads));
    }
    const std::vector<double>& variances = get<ValueArray>(record, "point/variances").values;
    if (variances.size() < 2) throw DataError("a grid point without variances of input and readout");
    architecture.variances.input = variances.front();
    architecture.variances.layers.assign(variances.begin() + 1, variances.end() - 1);
    architecture.variances.readout = variances.back();
    architecture.outputs = get<std::int64_t>(record, "point/outputs");
    point.examples = get<std::int64_t>(record, "point/examples");
    point.temperature = get<double>(record, "point/temperature");
    point.seed = get<std::int64_t>(record, "point/seed");
    point.key = get<std::string>(record, "point/key");
    // Stores of earlier versions lack these.
    if (record.contains("point/nominal_theory"))
        point.cost.theory = get<double>(record, "point/nominal_theory");
    if (record.contains("point/nominal_sampling"))
        point.cost.sampling = get<double>(record, "point/nominal_sampling");
    point.part = text_of(record, "point/part");
    point.submission = text_of(record, "point/submission");
    point.requested_by = text_of(record, "point/asked_by");
    return point;
}

std::string point_text(const GridPoint& point) {
    const Architecture& architecture = point.architecture;
    std::string widths = exact_text(architecture.readout_width);
    if (std::any_of(architecture.widths.begin(), architecture.widths.end(),
                    [&](double width) { return width != architecture.readout_width; })) {
        for (std::size_t layer = architecture.widths.size(); layer-- > 0;)
            widths.insert(0, exact_text(architecture.widths[layer]) + ":");
    }
    const double variance = architecture.variances.readout;
    return fmt::format("width {}, P {}, heads {}, {}T {}, seed {}", widths, point.examples,
                       head_counts_text(architecture.heads),
                       variance == 1 ? "" : fmt::format("sigma_a^2 {}, ", exact_text(variance)),
                       exact_text(point.temperature), point.seed);
}

}  // namespace attnpaths
