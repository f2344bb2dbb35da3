#include "base/error.hpp"
#include "cli/command.hpp"
#include "cli/head_rows.hpp"
#include "cli/options.hpp"
#include "cli/print_columns.hpp"
#include "cli/unread.hpp"
#include "cli/where.hpp"

#include <numeric>

namespace attnpaths::cli {

namespace po = boost::program_options;

namespace {

void print_heads(const StoreView& store, const po::variables_map& values, RowFormat format) {
    std::vector<std::size_t> points = points_where(store, grid_order(store), where_of(values));
    const std::vector<std::string> status = store.texts("point/status");
    std::erase_if(points, [&](std::size_t point) { return status[point] != "done"; });
    if (points.empty()) throw UsageError(store.path() + ": no finished point satisfies --where");
    const std::vector<ShownColumn> columns = head_rows(store, points);
    std::vector<std::size_t> rows(row_count(columns));
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    print_rows(columns, rows, format);
}

}  // namespace

int run_heads(const std::vector<std::string>& arguments) {
    po::options_description options("options");
    options.add_options()                                      //
        ("csv", "comma-separated values, every number exact")  //
        ("json", "a list of objects with the names of the columns");
    add_where_option(options);
    add_help_option(options);
    po::options_description all;
    all.add(options).add_options()("store", po::value<std::string>());
    const auto values =
        parse_options(arguments, all, po::positional_options_description().add("store", 1), "heads");
    if (values.count("help") > 0) {
        print_help(
            "heads STORE [--where CONDITION] [--csv | --json]",
            "A row per attention head of every finished point: its layer and number, both from 1; its "
            "name, where task or\n"
            "data set give it one; its score, the part of the order parameter U "
            "that goes through\n"
            "it, relative to the largest of the network; its rank by that; and what else the store has "
            "for heads.\n\n"
            "example: attnpaths heads results.h5 --where width=10 --where \"temperature<0.1\"",
            options);
        return 0;
    }
    if (values.count("store") == 0) throw UsageError("give a store; see attnpaths heads --help");
    const RowFormat format = row_format(values);
    const StoreView store = read_store(values["store"].as<std::string>());
    print_heads(store, values, format);
    return report_unread(store, "heads");
}

}  // namespace attnpaths::cli
