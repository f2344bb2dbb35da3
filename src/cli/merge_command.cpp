#include "base/error.hpp"
#include "base/standard_streams.hpp"
#include "cli/command.hpp"
#include "cli/options.hpp"
#include "store/merge.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace attnpaths::cli {

namespace po = boost::program_options;

int run_merge(const std::vector<std::string>& arguments) {
    po::options_description options("options");
    options.add_options()("force", "replace OUT if it exists and is not among the inputs");
    add_help_option(options);
    po::options_description all;
    all.add(options).add_options()("stores", po::value<std::vector<std::string>>());
    const auto values =
        parse_options(arguments, all, po::positional_options_description().add("stores", -1), "merge");
    if (values.count("help") > 0) {
        print_help("merge OUT IN... [--force]",
                   "Joins the stores IN into OUT, which appears as a whole or not at all. Points that "
                   "several stores have must\n"
                   "have the same results to the last bit; a done point beats a failed one. OUT may be one "
                   "of IN.\n\n"
                   "example: attnpaths merge all.h5 part1.h5 part2.h5",
                   options);
        return 0;
    }
    const auto stores = values.count("stores") > 0 ? values["stores"].as<std::vector<std::string>>()
                                                   : std::vector<std::string>();
    if (stores.size() < 2)
        throw UsageError("give an output and at least one store to merge; see attnpaths merge --help");
    const std::vector<std::string> inputs(stores.begin() + 1, stores.end());
    const MergeResult result = merge_stores(stores.front(), inputs, values.count("force") > 0);
    for (const std::string& note : result.notes) print_error("attnpaths merge: note: {}\n", note);
    write_output(fmt::format("{}: {} points ({} failed) from {} stores, {} duplicates agree\n",
                             stores.front(), result.points, result.failed, inputs.size(), result.duplicates));
    return 0;
}

}  // namespace attnpaths::cli
