#include "cli/prune_point.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/show_columns.hpp"
#include "datasets/head_counts.hpp"
#include "point/columns.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace attnpaths::cli {

namespace {

/// One grid value of all points, and the option that chooses among them.
struct Axis {
    const char* name;
    std::vector<double> values;
    std::optional<double> request;

    [[nodiscard]] bool fits(std::size_t point) const {
        return !request || std::abs(values[point] - *request) <= 1e-9 * std::abs(*request);
    }
};

std::vector<Axis> read_axes(const StoreView& store, const PointChoice& choice) {
    const std::vector<std::int64_t> examples = store.integers("point/examples");
    return {{"width", store.reals("point/width"), choice.width},
            {"examples", {examples.begin(), examples.end()}, choice.examples},
            {"temperature", store.reals("point/temperature"), choice.temperature}};
}

/// "width 10 or 20, temperature 0.5": the values of some points.
std::string values_text(const std::vector<Axis>& axes, const std::vector<std::size_t>& points,
                        bool only_choices) {
    constexpr std::size_t most = 8;
    std::string text;
    for (const Axis& axis : axes) {
        std::set<double> values;
        for (const std::size_t point : points) values.insert(axis.values[point]);
        if (only_choices && values.size() < 2) continue;
        std::vector<std::string> words;
        for (const double value : values)
            if (words.size() < most) words.push_back(exact_text(value));
        if (values.size() > most) words.emplace_back("...");
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", axis.name, fmt::join(words, " or "));
    }
    return text;
}

/// The finished points with these heads.
std::vector<std::size_t> points_of(const StoreView& store, const std::vector<Index>& heads) {
    const std::vector<std::string> status = store.texts("point/status");
    std::vector<ValueArray> counts(store.points());
    if (std::find(store.columns().begin(), store.columns().end(), "point/head_counts") !=
        store.columns().end())
        counts = store.arrays("point/head_counts");
    const std::vector<double> wanted(heads.begin(), heads.end());
    std::vector<std::size_t> points;
    std::set<std::string> others;
    for (const std::size_t point : grid_order(store)) {
        if (status[point] != "done") continue;
        if (heads.empty() || counts[point].values == wanted) {
            points.push_back(point);
        } else {
            const std::vector<Index> theirs(counts[point].values.begin(), counts[point].values.end());
            others.insert(head_counts_text(theirs));
        }
    }
    if (points.empty() && others.empty()) throw DataError(store.path() + ": has no finished point");
    if (points.empty())
        throw DataError(fmt::format(
            "{}: its points are of heads {}, the network has {}; give the store of a data set made "
            "with this network's heads",
            store.path(), fmt::join(others, " and "), head_counts_text(heads)));
    return points;
}

std::size_t the_one(const StoreView& store, const PointChoice& choice, const std::vector<Index>& heads) {
    const std::vector<std::size_t> points = points_of(store, heads);
    const std::vector<Axis> axes = read_axes(store, choice);
    const std::vector<std::string> keys = store.texts("point/key");
    std::vector<std::size_t> fitting;
    for (const std::size_t point : points)
        if (keys[point].starts_with(choice.key) &&
            std::all_of(axes.begin(), axes.end(), [&](const Axis& axis) { return axis.fits(point); }))
            fitting.push_back(point);
    if (fitting.empty())
        throw UsageError(fmt::format("{}: no finished point fits; it has {}", store.path(),
                                     values_text(axes, points, false)));
    if (fitting.size() > 1) {
        const std::string choices = values_text(axes, fitting, true);
        throw UsageError(fmt::format(
            "{}: {} points fit; choose {}", store.path(), fitting.size(),
            choices.empty() ? fmt::format("one by --point {} or {}, ...", keys[fitting[0]], keys[fitting[1]])
                            : choices));
    }
    return fitting.front();
}

/// Values of a column; empty where the point has none.
std::vector<double> array_of(const Record& record, const char* column, std::size_t size,
                             const std::string& where) {
    const auto found = record.find(column);
    if (found == record.end() || !std::holds_alternative<ValueArray>(found->second)) return {};
    const std::vector<double>& values = std::get<ValueArray>(found->second).values;
    if (values.size() != size && !values.empty())
        throw DataError(fmt::format("{}: {} has {} values, where these heads need {}", where, column,
                                    values.size(), size));
    return values;
}

double real_of(const Record& record, const char* column) {
    const auto found = record.find(column);
    return found == record.end() ? std::nan("") : std::get<double>(found->second);
}

}  // namespace

ScoredPoint choose_point(const StoreView& store, const PointChoice& choice,
                         const std::vector<Index>& network_heads) {
    const Record record = store.record(the_one(store, choice, network_heads));
    ScoredPoint point;
    point.key = text_of(record, "point/key");
    point.task = text_of(record, "point/task");
    point.width = real_of(record, "point/width");
    point.bias = real_of(record, "theory/bias");
    const auto counts = record.find("point/head_counts");
    if (counts != record.end())
        for (const double count : std::get<ValueArray>(counts->second).values)
            point.solved.heads.push_back(static_cast<Index>(count));
    const std::vector<Index>& heads = point.solved.heads;
    point.solved.examples = integer_of(record, "point/examples", 0);
    point.solved.temperature = real_of(record, "point/temperature");
    point.text = fmt::format("width {}, P {}, T {}", exact_text(point.width), point.solved.examples,
                             exact_text(point.solved.temperature));
    const std::string where = fmt::format("{}: point {} ({})", store.path(), point.key, point.text);
    const Lesion none = lesion_of({}, heads);
    const auto size = static_cast<std::size_t>(path_count(heads) * integer_of(record, "point/outputs", 1));
    const std::vector<double> variances = array_of(record, "point/variances", heads.size() + 2, where);
    if (variances.empty()) throw DataError(where + " has no point/variances");
    point.solved.input_variance = variances.front();
    const std::vector<double> scores = array_of(record, "theory/head_scores", none.size(), where);
    const std::vector<double> U = array_of(record, "theory/order_parameter", size * size, where);
    point.scores = Eigen::Map<const Vector>(scores.data(), static_cast<Index>(scores.size()));
    const auto side = static_cast<Index>(U.empty() ? 0 : size);
    point.solved.U = Eigen::Map<const Matrix>(U.data(), side, side);  // symmetric
    return point;
}

}  // namespace attnpaths::cli
