#include "base/error.hpp"
#include "base/standard_streams.hpp"
#include "cli/command.hpp"
#include "cli/options.hpp"
#include "store/compare.hpp"
#include "store/verify.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace attnpaths::cli {

namespace po = boost::program_options;

namespace {

constexpr std::size_t most_lines = 100;

void print_lines(const std::vector<std::string>& lines) {
    std::string text;
    for (std::size_t i = 0; i < std::min(lines.size(), most_lines); ++i) text += lines[i] + "\n";
    if (lines.size() > most_lines) text += fmt::format("... and {} more\n", lines.size() - most_lines);
    write_output(text);
}

/// @returns whether the store has no problems
bool verify_one(const std::string& path) {
    const Verification found = verify_store(path);
    print_lines(found.problems);
    print_lines(found.notes);
    write_output(fmt::format("{}: {} points, {} problems\n", path, found.points, found.problems.size()));
    return found.problems.empty();
}

}  // namespace

int run_verify(const std::vector<std::string>& arguments) {
    po::options_description options("options");
    add_help_option(options);
    po::options_description all;
    all.add(options).add_options()("stores", po::value<std::vector<std::string>>());
    const auto values =
        parse_options(arguments, all, po::positional_options_description().add("stores", 2), "verify");
    if (values.count("help") > 0) {
        print_help("verify A [B]",
                   "Checks the checksum of store A, of every point in it and of its journal, and whether "
                   "keys are unique and arrays\n"
                   "whole. With B, checks both and compares them: the same points with bit-identical results "
                   "(times, hosts and\n"
                   "attempts do not matter). Exit code 65 if there are problems or differences.\n\n"
                   "example: attnpaths verify results.h5 results-of-one-rank.h5",
                   options);
        return 0;
    }
    const auto stores = values.count("stores") > 0 ? values["stores"].as<std::vector<std::string>>()
                                                   : std::vector<std::string>();
    if (stores.empty()) throw UsageError("give a store to check; see attnpaths verify --help");
    bool good = true;
    for (const std::string& path : stores) good = verify_one(path) && good;
    if (good && stores.size() == 2) {
        const StoreView a = read_store(stores[0]);
        const StoreView b = read_store(stores[1]);
        const std::vector<std::string> differences = compare_stores(a, b);
        print_lines(differences);
        write_output(fmt::format("{} and {}: {}\n", stores[0], stores[1],
                                 differences.empty()
                                     ? fmt::format("the same {} points, bit-identical results", a.points())
                                     : fmt::format("{} differences", differences.size())));
        good = differences.empty();
    }
    return static_cast<int>(good ? ExitCode::ok : ExitCode::bad_data);
}

}  // namespace attnpaths::cli
