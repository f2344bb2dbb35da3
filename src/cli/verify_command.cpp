#include "base/error.hpp"
#include "base/standard_streams.hpp"
#include "cli/command.hpp"
#include "cli/options.hpp"
#include "store/compare.hpp"
#include "store/file/numerics_lines.hpp"
#include "store/verify.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

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

/// 0 without one: to the last bit.
double tolerance_of(const po::variables_map& values, std::size_t stores) {
    if (values.count("tolerance") == 0) return 0;
    const double tolerance = values["tolerance"].as<double>();
    if (stores != 2) throw UsageError("--tolerance compares two stores; give A and B");
    if (!(tolerance > 0 && tolerance < 1))
        throw UsageError(fmt::format("--tolerance {}: must be above 0 and below 1", tolerance));
    return tolerance;
}

std::string equality(double tolerance) {
    return tolerance == 0 ? "bit-identical results" : fmt::format("results equal within {}", tolerance);
}

/// Why bits may differ: results of other numerics agree to rounding only.
void print_numerics(const StoreView& a, const StoreView& b) {
    if (a.header().numerics == b.header().numerics) return;
    for (const StoreView* store : {&a, &b}) {
        const std::vector<std::string> numerics = numerics_in(store->header().numerics);
        write_output(fmt::format(
            "{} was computed with {}\n", store->path(),
            numerics.empty() ? "unknown numerics" : fmt::format("{}", fmt::join(numerics, "; "))));
    }
    write_output("results of different numerics agree to rounding only; see --tolerance\n");
}

}  // namespace

int run_verify(const std::vector<std::string>& arguments) {
    po::options_description options("options");
    options.add_options()("tolerance", po::value<double>(),
                          "compare A and B by value: numbers agree where |a - b| is at most this times the "
                          "largest of 1, |a| and |b| (in arrays: of 1 and all magnitudes)");
    add_help_option(options);
    po::options_description all;
    all.add(options).add_options()("stores", po::value<std::vector<std::string>>());
    const auto values =
        parse_options(arguments, all, po::positional_options_description().add("stores", 2), "verify");
    if (values.count("help") > 0) {
        print_help(
            "verify A [B] [--tolerance X]",
            "Checks the checksum of store A, of every point in it and of its journal, and whether "
            "keys are unique and arrays\n"
            "whole. With B, checks both and compares them: the same points with bit-identical results "
            "(times, hosts and\n"
            "attempts do not matter). Results are the same bits for any ranks, order and interruptions "
            "on one kind of\n"
            "processor, with the same program and libraries; other kinds agree to rounding only: "
            "compare these by value, with\n"
            "--tolerance 1e-9. Chains of samplers amplify rounding, so that sampled columns then agree "
            "within their Monte Carlo\n"
            "errors (COLUMN_mcse) only and are listed. Exit code 65 if there are problems or "
            "differences.\n\n"
            "example: attnpaths verify results.h5 results-of-one-rank.h5\n"
            "         attnpaths verify here.h5 elsewhere.h5 --tolerance 1e-9",
            options);
        return 0;
    }
    const auto stores = values.count("stores") > 0 ? values["stores"].as<std::vector<std::string>>()
                                                   : std::vector<std::string>();
    if (stores.empty()) throw UsageError("give a store to check; see attnpaths verify --help");
    const double tolerance = tolerance_of(values, stores.size());
    bool good = true;
    for (const std::string& path : stores) good = verify_one(path) && good;
    if (good && stores.size() == 2) {
        const StoreView a = read_store(stores[0]);
        const StoreView b = read_store(stores[1]);
        const std::vector<std::string> differences = compare_stores(a, b, tolerance);
        print_lines(differences);
        write_output(fmt::format("{} and {}: {}\n", stores[0], stores[1],
                                 differences.empty()
                                     ? fmt::format("the same {} points, {}", a.points(), equality(tolerance))
                                     : fmt::format("{} differences", differences.size())));
        good = differences.empty();
        if (!good) print_numerics(a, b);
    }
    return static_cast<int>(good ? ExitCode::ok : ExitCode::bad_data);
}

}  // namespace attnpaths::cli
