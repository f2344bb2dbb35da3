#pragma once

#include "cli/show_columns.hpp"

#include <boost/program_options.hpp>

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

/// Characters of its widest cell, the title included.
std::size_t column_width(const TextColumn& column);

/// Right-aligned columns with two blanks between them, to standard output; `show | head` ends early.
void print_table(const std::vector<TextColumn>& columns, std::size_t rows);

/// How rows are printed: for people, as comma-separated values with the names first and every number exact,
/// or as a JSON list of objects by the columns' names in which missing values are null.
enum class RowFormat { table, csv, json };

/// As --csv or --json ask for. @throws UsageError if both do
RowFormat row_format(const boost::program_options::variables_map& values);

/// The rows `order` of some columns, to standard output.
void print_rows(const std::vector<ShownColumn>& columns, const std::vector<std::size_t>& order,
                RowFormat format);

}  // namespace attnpaths::cli
