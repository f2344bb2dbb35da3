#include "analyses/plan.hpp"
#include "analyses/registry.hpp"
#include "base/error.hpp"
#include "base/standard_streams.hpp"
#include "base/text.hpp"
#include "cli/command.hpp"
#include "cli/comparison.hpp"
#include "cli/fitted_table.hpp"
#include "cli/options.hpp"
#include "cli/print_columns.hpp"
#include "cli/show_columns.hpp"
#include "cli/unread.hpp"
#include "cli/where.hpp"
#include "point/columns.hpp"
#include "point/schema.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace attnpaths::cli {

namespace po = boost::program_options;

namespace {

TextColumn yes_or_no_column(const std::string& title, const std::vector<std::int64_t>& values,
                            const std::vector<std::size_t>& order) {
    TextColumn table{title, {}, true};
    for (const std::size_t point : order)
        table.cells.emplace_back(values[point] == missing_integer ? "-" : values[point] != 0 ? "yes" : "NO");
    return table;
}

bool has_column(const StoreView& store, const std::string& name) {
    return std::find(store.columns().begin(), store.columns().end(), name) != store.columns().end();
}

/// What a row is: its place in the grid.
std::vector<TextColumn> grid_table(const StoreView& store, const std::vector<std::size_t>& order) {
    std::vector<TextColumn> table;
    const auto add = [&](const std::string& title, const std::string& name) {
        if (has_column(store, name))
            table.push_back(text_column(title, read_columns(store, {name})[0], order));
    };
    // Where layers differ the list says more than its largest entry; a failed point may have only that.
    const auto add_list = [&](const std::string& title, const std::string& list, const std::string& scalar) {
        TextColumn column = text_column(title, read_columns(store, {scalar})[0], order);
        if (has_column(store, list)) {
            const ShownColumn lists = read_columns(store, {list})[0];
            for (std::size_t i = 0; i < order.size(); ++i)
                if (const std::string text = table_text(lists, order[i]); text != "-") column.cells[i] = text;
        }
        table.push_back(std::move(column));
    };
    add_list("width", "point/widths", "point/width");
    add("examples", "point/examples");
    add_list("heads", "point/head_counts", "point/heads");
    add("depth", "point/depth");
    // Mostly all alike, and then no news.
    if (has_column(store, "point/variances"))
        if (TextColumn column = text_column("variances", read_columns(store, {"point/variances"})[0], order);
            std::adjacent_find(column.cells.begin(), column.cells.end(), std::not_equal_to<>()) !=
            column.cells.end())
            table.push_back(std::move(column));
    add("T", "point/temperature");
    add("seed", "point/seed");
    return table;
}

std::vector<TextColumn> default_table(const StoreView& store, const std::vector<std::size_t>& order) {
    std::vector<TextColumn> table = grid_table(store, order);
    for (const Analysis& analysis : analyses())
        for (const auto& [title, column, form] : analysis.table)
            if (has_column(store, column))
                table.push_back(form == TableColumn::Form::value
                                    ? text_column(title, read_columns(store, {column})[0], order)
                                    : yes_or_no_column(title, store.integers(column), order));
    table.push_back(text_column("seconds", read_columns(store, {"point/seconds"})[0], order));
    const std::vector<std::string> status = store.texts("point/status");
    const std::vector<std::string> messages = store.texts("point/message");
    table.push_back({"status", {}, true});
    std::vector<std::string> left_out(store.points());
    for (const Analysis& analysis : analyses()) {
        const std::vector<std::string> states = store.texts(analysis.name + "/status");
        for (std::size_t point = 0; point < states.size(); ++point)
            if (answer_status(states[point]) == AnswerStatus::left_out)
                left_out[point] += (left_out[point].empty() ? ", without " : ", ") + analysis.name;
    }
    for (const std::size_t point : order)
        table.back().cells.push_back(status[point] + left_out[point] +
                                     (messages[point].empty() ? "" : ": " + messages[point]));
    return table;
}

std::vector<std::string> scalar_columns(const StoreView& store) {
    std::vector<std::string> names;
    for (const std::string& name : store.columns())
        if (store.type(name) != ColumnType::array) names.push_back(name);
    return names;
}

void list_columns(const StoreView& store) {
    std::vector<TextColumn> table = {{"column", {}, true}, {"unit", {}, true}, {"meaning", {}, true}};
    for (const std::string& name : store.columns()) {
        table[0].cells.push_back(name);
        if (!name.starts_with("point/") && analysis_of(name) == nullptr) {  // of another version
            table[1].cells.emplace_back("-");
            table[2].cells.emplace_back("-");
            continue;
        }
        const Column& column = find_column(name);
        table[1].cells.push_back(column.units.empty() ? "-" : column.units);
        table[2].cells.push_back(column.shape + (column.shape.empty() ? "" : " ") + column.description);
    }
    print_table(table, table[0].cells.size());
}

void show(const StoreView& store, const po::variables_map& values, RowFormat format) {
    const std::vector<std::size_t> order = points_where(store, grid_order(store), where_of(values));
    const bool chosen = values.count("columns") > 0;
    if (values.count("compare") > 0) {
        if (chosen || format != RowFormat::table)
            throw UsageError("--compare prints a table of its own: leave out --columns, --csv and --json");
        std::vector<TextColumn> table = grid_table(store, order);
        for (TextColumn& column : comparison(store, split(values["compare"].as<std::string>(), ", "), order))
            table.push_back(std::move(column));
        return print_table(table, order.size());
    }
    if (format == RowFormat::table && !chosen)
        return print_fitted_table(default_table(store, order), order.size());
    const std::vector<std::string> names =
        chosen ? split(values["columns"].as<std::string>(), ", ") : scalar_columns(store);
    const std::vector<ShownColumn> columns = read_columns(store, names);
    if (columns.empty() && chosen) throw UsageError("--columns names no column");
    print_rows(columns, order, format);
}

}  // namespace

int run_show(const std::vector<std::string>& arguments) {
    po::options_description options("options");
    options.add_options()                                                                    //
        ("csv", "comma-separated values with the store's column names, every number exact")  //
        ("json", "a list of objects with the same names; missing values are null")           //
        ("columns", po::value<std::string>()->value_name("A,B,..."),
         "only these columns, e.g. width,theory/accuracy")  //
        ("compare",
         po::value<std::string>()
             ->implicit_value("order_parameter,accuracy,bias,variance")
             ->value_name("A,B,..."),
         "these quantities as every analysis has them, side by side with their Monte Carlo errors: saddle "
         "point, next order, samples; of arrays the first element (--compare alone: order_parameter, "
         "accuracy, bias, variance)")  //
        ("list-columns", "names, units and meaning of the columns that the store has, arrays included");
    add_where_option(options);
    add_help_option(options);
    po::options_description all;
    all.add(options).add_options()("store", po::value<std::string>());
    const auto values =
        parse_options(arguments, all, po::positional_options_description().add("store", 1), "show");
    if (values.count("help") > 0) {
        print_help(
            "show STORE [--csv | --json] [--columns A,B,...] [--compare[=A,B,...]] [--where CONDITION]",
            "A row per finished point, sorted by grid values. The default is a table of the main "
            "results, on a terminal as much of it as fits; --csv and --json\n"
            "print every column with one value per point, and arrays where --columns names them.\n\n"
            "example: attnpaths show results.h5 --csv --columns width,examples,theory/accuracy > "
            "accuracy.csv",
            options);
        return 0;
    }
    if (values.count("store") == 0) throw UsageError("give a store; see attnpaths show --help");
    const RowFormat format = row_format(values);
    const StoreView store = read_store(values["store"].as<std::string>());
    if (values.count("list-columns") > 0)
        list_columns(store);
    else
        show(store, values, format);
    return report_unread(store, "show");
}

}  // namespace attnpaths::cli
