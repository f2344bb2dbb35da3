#pragma once

#include "cli/print_columns.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace attnpaths::cli {

/// Characters of a line of the terminal that standard output is; nothing if it is none, or does not say.
std::optional<std::size_t> terminal_width();

/// As many of the first columns as fit into a line beside the last one, which says what became of a row. All
/// of them if none had to go; never less than the first and the last.
std::vector<TextColumn> fitted_columns(const std::vector<TextColumn>& columns, std::size_t line);

/// Prints a table whose last column says what became of a row: on a terminal what fits, and a line that says
/// how many columns were left out and how to see them; whole into files and pipes.
void print_fitted_table(const std::vector<TextColumn>& columns, std::size_t rows);

}  // namespace attnpaths::cli
