#include "cli/print_columns.hpp"

#include "base/error.hpp"
#include "base/printable.hpp"
#include "base/standard_streams.hpp"

#include <algorithm>

namespace attnpaths::cli {

namespace po = boost::program_options;

namespace {

/// Output leaves in pieces of this size, so that a large store needs little memory and `show | head` ends
/// early.
constexpr std::size_t piece = std::size_t{1} << 20U;

/// @returns false if nobody reads any more
bool write_piece(fmt::memory_buffer& out, std::size_t at_least) {
    if (out.size() < at_least) return true;
    const bool read = write_output({out.data(), out.size()});
    out.clear();
    return read;
}

void print_csv(const std::vector<ShownColumn>& columns, const std::vector<std::size_t>& order) {
    fmt::memory_buffer out;
    const auto end_field = [&](std::size_t number) {
        out.push_back(number + 1 < columns.size() ? ',' : '\n');
    };
    for (std::size_t c = 0; c < columns.size(); ++c) {
        out.append(columns[c].name.data(), columns[c].name.data() + columns[c].name.size());
        end_field(c);
    }
    for (const std::size_t point : order) {
        for (std::size_t c = 0; c < columns.size(); ++c) {
            append_csv(out, columns[c], point);
            end_field(c);
        }
        if (!write_piece(out, piece)) return;
    }
    write_piece(out, 0);
}

void print_json(const std::vector<ShownColumn>& columns, const std::vector<std::size_t>& order) {
    fmt::memory_buffer out;
    const auto add = [&](std::string_view text) { out.append(text.data(), text.data() + text.size()); };
    std::vector<std::string> names;
    for (const ShownColumn& column : columns) names.push_back(json_quoted(column.name) + ": ");
    add("[");
    for (std::size_t i = 0; i < order.size(); ++i) {
        add(i > 0 ? ",\n {" : "\n {");
        for (std::size_t c = 0; c < columns.size(); ++c) {
            add(c > 0 ? ", " : "");
            add(names[c]);
            append_json(out, columns[c], order[i]);
        }
        add("}");
        if (!write_piece(out, piece)) return;
    }
    add("\n]\n");
    write_piece(out, 0);
}

}  // namespace

TextColumn text_column(const std::string& title, const ShownColumn& column,
                       const std::vector<std::size_t>& order) {
    TextColumn text{title, {}, std::holds_alternative<std::vector<std::string>>(column.values)};
    for (const std::size_t row : order) text.cells.push_back(printable(table_text(column, row)));
    return text;
}

std::size_t column_width(const TextColumn& column) {
    std::size_t width = column.title.size();
    for (const std::string& cell : column.cells) width = std::max(width, cell.size());
    return width;
}

void print_table(const std::vector<TextColumn>& columns, std::size_t rows) {
    std::vector<std::size_t> widths;
    for (const TextColumn& column : columns) widths.push_back(column_width(column));
    fmt::memory_buffer out;
    const auto add = [&](std::size_t c, const std::string& text) {
        const bool is_last = c + 1 == columns.size();
        const std::size_t width = is_last && columns[c].is_text ? 0 : widths[c];
        fmt::format_to(std::back_inserter(out), "{:>{}}{}", text, width, is_last ? "\n" : "  ");
    };
    for (std::size_t c = 0; c < columns.size(); ++c) add(c, columns[c].title);
    for (std::size_t row = 0; row < rows; ++row) {
        for (std::size_t c = 0; c < columns.size(); ++c) add(c, columns[c].cells[row]);
        if (!write_piece(out, piece)) return;
    }
    write_piece(out, 0);
}

RowFormat row_format(const po::variables_map& values) {
    const bool csv = values.count("csv") > 0;
    const bool json = values.count("json") > 0;
    if (csv && json) throw UsageError("--csv and --json exclude each other");
    return csv ? RowFormat::csv : json ? RowFormat::json : RowFormat::table;
}

void print_rows(const std::vector<ShownColumn>& columns, const std::vector<std::size_t>& order,
                RowFormat format) {
    if (format == RowFormat::csv) return print_csv(columns, order);
    if (format == RowFormat::json) return print_json(columns, order);
    std::vector<TextColumn> table;
    for (const ShownColumn& column : columns) table.push_back(text_column(column.name, column, order));
    print_table(table, order.size());
}

}  // namespace attnpaths::cli
