#pragma once

#include "cli/show_columns.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace attnpaths::cli {

/// Rows of columns as comma-separated values under their names, every number exact.
/// @param order  the rows, in the order in which they are printed
void print_csv(const std::vector<ShownColumn>& columns, const std::vector<std::size_t>& order);
/// The same as a list of objects.
void print_json(const std::vector<ShownColumn>& columns, const std::vector<std::size_t>& order);

/// A column of the table as people read it: a short title, right-aligned numbers.
struct TextColumn {
    std::string title;
    std::vector<std::string> cells;
};

void print_table(const std::vector<TextColumn>& columns, std::size_t rows);

/// Rows of a column under a title; of numbers that are 0 or not "yes" and "NO".
TextColumn table_column(const std::string& title, const ShownColumn& column,
                        const std::vector<std::size_t>& order);
TextColumn yes_or_no_column(const std::string& title, const std::vector<std::int64_t>& values,
                            const std::vector<std::size_t>& order);

}  // namespace attnpaths::cli
