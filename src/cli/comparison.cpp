#include "cli/comparison.hpp"

#include "base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace attnpaths::cli {

namespace {

/// A number of each point; NaN if it has none.
std::vector<double> numbers(const StoreView& store, const std::string& column) {
    if (store.type(column) == ColumnType::real) return store.reals(column);
    std::vector<double> firsts;
    for (const ValueArray& array : store.arrays(column))
        firsts.push_back(array.values.empty() ? std::numeric_limits<double>::quiet_NaN() : array.values[0]);
    return firsts;
}

bool is_number(const StoreView& store, const std::string& column) {
    const ColumnType type = store.type(column);
    return type == ColumnType::real || type == ColumnType::array;
}

/// "0.9131+-0.0012": the value to the second digit of its error, or to five digits.
std::string cell(double value, double error) {
    if (!std::isfinite(value)) return "-";
    if (!(error > 0) || !std::isfinite(error)) return fmt::format("{:.5g}", value);
    const int digits = std::clamp(1 - static_cast<int>(std::floor(std::log10(error))), 0, 15);
    return fmt::format("{:.{}f}+-{:.1g}", value, digits, error);
}

/// Where a quantity of a test set has its error: "accuracy-mnist" -> "accuracy_mcse-mnist".
std::string error_of(const std::string& quantity) {
    const std::size_t dash = std::min(quantity.find('-'), quantity.size());
    return quantity.substr(0, dash) + "_mcse" + quantity.substr(dash);
}

}  // namespace

std::vector<TextColumn> comparison(const StoreView& store, const std::vector<std::string>& quantities,
                                   const std::vector<std::size_t>& order) {
    const std::vector<std::string>& columns = store.columns();
    std::vector<TextColumn> table;
    for (const std::string& quantity : quantities) {
        const std::size_t before = table.size();
        for (const std::string& column : columns) {
            if (!column.ends_with("/" + quantity) || !is_number(store, column)) continue;
            const std::string group = column.substr(0, column.size() - quantity.size());
            const std::string error_column = group + error_of(quantity);
            const std::vector<double> values = numbers(store, column);
            const bool has_error = std::find(columns.begin(), columns.end(), error_column) != columns.end();
            const std::vector<double> errors =
                has_error ? numbers(store, error_column) : std::vector<double>(values.size(), 0);
            TextColumn cells{column, {}, false};
            for (const std::size_t point : order) cells.cells.push_back(cell(values[point], errors[point]));
            table.push_back(std::move(cells));
        }
        if (table.size() == before)
            throw UsageError(
                fmt::format("{}: has no column GROUP/{} to compare; show --list-columns prints the "
                            "names of all",
                            store.path(), quantity));
    }
    return table;
}

}  // namespace attnpaths::cli
