#pragma once

#include "cli/show_columns.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace attnpaths::cli {

/// A column of a table as people read it: a short title, cells in the order of the rows.
struct TextColumn {
    std::string title;
    std::vector<std::string> cells;
    bool is_text = false;  ///< of any length: not padded where it is the last column
};

/// The rows `order` of a column as people read them.
TextColumn text_column(const std::string& title, const ShownColumn& column,
                       const std::vector<std::size_t>& order);

/// Right-aligned columns with two blanks between them, to standard output; `show | head` ends early.
void print_table(const std::vector<TextColumn>& columns, std::size_t rows);
/// Comma-separated values, the names first, every number exact.
void print_csv(const std::vector<ShownColumn>& columns, const std::vector<std::size_t>& order);
/// A list of objects by the columns' names; missing values are null.
void print_json(const std::vector<ShownColumn>& columns, const std::vector<std::size_t>& order);

}  // namespace attnpaths::cli
