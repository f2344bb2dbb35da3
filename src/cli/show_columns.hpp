#pragma once

#include "store/store_view.hpp"

#include <fmt/format.h>

#include <string>
#include <variant>
#include <vector>

namespace attnpaths::cli {

/// A column of a store in memory, ready to be printed row by row.
struct ShownColumn {
    std::string name;
    std::variant<std::vector<double>, std::vector<std::int64_t>, std::vector<std::string>,
                 std::vector<ValueArray>>
        values;
};

/// Reads columns by name; "width" stands for "point/width".
/// @throws UsageError with the nearest name if the store has no such column
std::vector<ShownColumn> read_columns(const StoreView& store, const std::vector<std::string>& names);

/// Points in the order of their grid values: depth, heads, examples, temperature, width, seed.
std::vector<std::size_t> grid_order(const StoreView& store);

/// Appends a value with the shortest text that reads back exactly. CSV: a missing value is an empty field, an
/// array a quoted JSON list. JSON: missing and infinite values are null.
void append_csv(fmt::memory_buffer& out, const ShownColumn& column, std::size_t point);
void append_json(fmt::memory_buffer& out, const ShownColumn& column, std::size_t point);

/// The value for people: four digits, "-" if missing, short lists as "20:50:30".
std::string table_text(const ShownColumn& column, std::size_t point);

/// A text as a JSON string or a CSV field, quoted where needed.
std::string json_quoted(const std::string& text);
std::string csv_quoted(const std::string& text);

}  // namespace attnpaths::cli
