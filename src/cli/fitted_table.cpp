#include "cli/fitted_table.hpp"

#include "base/standard_streams.hpp"

#include <algorithm>
#include <sys/ioctl.h>
#include <unistd.h>

namespace attnpaths::cli {

namespace {

constexpr std::size_t gap = 2;  // blanks between columns

/// Room of the last column: its text is of any length, and may go on in the next line.
constexpr std::size_t most_of_last = 20;

}  // namespace

std::optional<std::size_t> terminal_width() {
    winsize size{};
    if (::isatty(STDOUT_FILENO) == 0 || ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return std::nullopt;
    return size.ws_col;
}

std::vector<TextColumn> fitted_columns(const std::vector<TextColumn>& columns, std::size_t line) {
    if (columns.size() < 2) return columns;
    std::size_t used = std::min(column_width(columns.back()), most_of_last);
    std::size_t fitting = 0;
    while (fitting + 1 < columns.size()) {
        used += column_width(columns[fitting]) + gap;
        if (used > line && fitting > 0) break;
        ++fitting;
    }
    std::vector<TextColumn> fitted(columns.begin(), columns.begin() + static_cast<std::ptrdiff_t>(fitting));
    fitted.push_back(columns.back());
    return fitted;
}

void print_fitted_table(const std::vector<TextColumn>& columns, std::size_t rows) {
    const std::optional<std::size_t> line = terminal_width();
    if (!line) return print_table(columns, rows);
    const std::vector<TextColumn> fitted = fitted_columns(columns, *line);
    print_table(fitted, rows);
    if (fitted.size() < columns.size())
        print_output(
            "{} of {} columns fit here; `| less -S` shows all, --columns A,B,... those you name "
            "(--list-columns)\n",
            fitted.size(), columns.size());
}

}  // namespace attnpaths::cli
