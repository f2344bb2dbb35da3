#include "cli/show_columns.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "point/columns.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <numeric>

namespace attnpaths::cli {

namespace {

std::string full_name(const StoreView& store, const std::string& name) {
    const std::vector<std::string>& known = store.columns();
    for (const std::string& candidate : {name, "point/" + name})
        if (std::find(known.begin(), known.end(), candidate) != known.end()) return candidate;
    // A quantity that no point of this store has is missing, not unknown.
    for (const Column& column : schema())
        if (column.name == name && column.type != ColumnType::array) return name;
    // The part of a name after its group, head_scores, is what people remember.
    for (const std::string& candidate : known)
        if (candidate.ends_with("/" + name))
            throw UsageError(
                fmt::format("{}: has no column {}; did you mean {}?", store.path(), name, candidate));
    const std::string near = nearest_word(name, known);
    throw UsageError(fmt::format(
        "{}: has no column {}{}", store.path(), name,
        near.empty() ? "; show --list-columns prints the names of all" : "; did you mean " + near + "?"));
}

void append(fmt::memory_buffer& out, const std::string& text) {
    out.append(text.data(), text.data() + text.size());
}

void append_number(fmt::memory_buffer& out, double value, const char* not_finite) {
    if (std::isfinite(value))
        fmt::format_to(std::back_inserter(out), "{}", value);
    else
        append(out, not_finite != nullptr ? not_finite : fmt::format("{}", value));
}

/// Nested lists, "[[1,2],[3,4]]".
void append_list(fmt::memory_buffer& out, const ValueArray& array, std::size_t axis, std::size_t& next) {
    if (axis == array.shape.size()) {
        append_number(out, array.values[next++], "null");
        return;
    }
    out.push_back('[');
    for (std::uint64_t i = 0; i < array.shape[axis]; ++i) {
        if (i > 0) out.push_back(',');
        append_list(out, array, axis + 1, next);
    }
    out.push_back(']');
}

std::string list_text(const ValueArray& array) {
    fmt::memory_buffer out;
    std::size_t next = 0;
    append_list(out, array, 0, next);
    return fmt::to_string(out);
}

}  // namespace

std::vector<ShownColumn> read_columns(const StoreView& store, const std::vector<std::string>& names) {
    std::vector<ShownColumn> columns;
    for (const std::string& asked : names) {
        const std::string name = full_name(store, asked);
        const bool is_there =
            std::find(store.columns().begin(), store.columns().end(), name) != store.columns().end();
        switch (is_there ? store.type(name) : find_column(name).type) {
            case ColumnType::real:
                columns.push_back({name, store.reals(name)});
                break;
            case ColumnType::integer:
                columns.push_back({name, store.integers(name)});
                break;
            case ColumnType::text:
                columns.push_back({name, store.texts(name)});
                break;
            case ColumnType::array:
                columns.push_back({name, store.arrays(name)});
                break;
        }
    }
    return columns;
}

std::vector<std::size_t> grid_order(const StoreView& store) {
    using GridValues = std::array<double, 7>;
    std::vector<GridValues> values(store.points());
    const auto fill = [&](std::size_t position, const auto& column) {
        // NaN has no order: points without a value come first.
        for (std::size_t i = 0; i < values.size(); ++i) {
            const auto value = static_cast<double>(column[i]);
            values[i][position] = std::isnan(value) ? -std::numeric_limits<double>::infinity() : value;
        }
    };
    fill(0, store.integers("point/depth"));
    fill(1, store.integers("point/heads"));
    fill(2, store.integers("point/examples"));
    std::vector<double> readout_variances;
    for (const ValueArray& variances : store.arrays("point/variances"))
        readout_variances.push_back(variances.values.empty() ? std::numeric_limits<double>::quiet_NaN()
                                                             : variances.values.back());
    fill(3, readout_variances);
    fill(4, store.reals("point/temperature"));
    fill(5, store.reals("point/width"));
    fill(6, store.integers("point/seed"));
    const std::vector<std::string> keys = store.texts("point/key");
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    // The key decides ties, so that two stores of the same points list them alike whatever order they
    // finished in.
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return std::tie(values[a], keys[a]) < std::tie(values[b], keys[b]);
    });
    return order;
}

void append_csv(fmt::memory_buffer& out, const ShownColumn& column, std::size_t point) {
    if (const auto* reals = std::get_if<std::vector<double>>(&column.values)) {
        if (!std::isnan((*reals)[point])) append_number(out, (*reals)[point], nullptr);
    } else if (const auto* integers = std::get_if<std::vector<std::int64_t>>(&column.values)) {
        if ((*integers)[point] != missing_integer)
            fmt::format_to(std::back_inserter(out), "{}", (*integers)[point]);
    } else if (const auto* texts = std::get_if<std::vector<std::string>>(&column.values)) {
        append(out, csv_quoted((*texts)[point]));
    } else {
        const auto& array = std::get<std::vector<ValueArray>>(column.values)[point];
        if (!array.values.empty()) append(out, csv_quoted(list_text(array)));
    }
}

void append_json(fmt::memory_buffer& out, const ShownColumn& column, std::size_t point) {
    if (const auto* reals = std::get_if<std::vector<double>>(&column.values)) {
        append_number(out, (*reals)[point], "null");
    } else if (const auto* integers = std::get_if<std::vector<std::int64_t>>(&column.values)) {
        const std::int64_t value = (*integers)[point];
        append(out, value == missing_integer ? "null" : fmt::format("{}", value));
    } else if (const auto* texts = std::get_if<std::vector<std::string>>(&column.values)) {
        append(out, json_quoted((*texts)[point]));
    } else {
        const auto& array = std::get<std::vector<ValueArray>>(column.values)[point];
        append(out, array.values.empty() ? "null" : list_text(array));
    }
}

std::string table_text(const ShownColumn& column, std::size_t point) {
    if (const auto* reals = std::get_if<std::vector<double>>(&column.values))
        return std::isnan((*reals)[point]) ? "-" : fmt::format("{:.4g}", (*reals)[point]);
    if (const auto* integers = std::get_if<std::vector<std::int64_t>>(&column.values))
        return (*integers)[point] == missing_integer ? "-" : fmt::format("{}", (*integers)[point]);
    if (const auto* texts = std::get_if<std::vector<std::string>>(&column.values))
        return (*texts)[point].empty() ? "-" : (*texts)[point];
    const auto& array = std::get<std::vector<ValueArray>>(column.values)[point];
    if (array.values.empty()) return "-";
    if (array.shape.size() > 1) return list_text(array);
    const bool equal =
        std::all_of(array.values.begin(), array.values.end(), [&](double x) { return x == array.values[0]; });
    return equal ? exact_text(array.values[0]) : fmt::format("{}", fmt::join(array.values, ":"));
}

std::string json_quoted(const std::string& text) {
    return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string csv_quoted(const std::string& text) {
    if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"') quoted += '"';
        quoted += c;
    }
    return quoted + '"';
}

}  // namespace attnpaths::cli
