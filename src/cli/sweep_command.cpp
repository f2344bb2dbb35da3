#include "base/error.hpp"
#include "cli/command.hpp"
#include "cli/launch_note.hpp"
#include "cli/options.hpp"
#include "cli/sweep_settings.hpp"
#include "farm/mpi.hpp"
#include "run/run_sweep.hpp"
#include "theory/lapack.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace attnpaths::cli {

namespace po = boost::program_options;

namespace {

po::options_description run_options() {
    po::options_description options("Options", sweep_help_columns);
    options.add_options()("store", po::value<std::string>()->value_name("FILE"),
                          "the store; the same as --store.file")("dry-run",
                                                                 "print the plan and compute nothing")(
        "no-samples", "theory alone; the same as --analyses.samples false")("retry-failed",
                                                                            "take failed points up again")(
        "wait", "stay for submissions (attnpaths submit) until stopped by a signal or the time limit")(
        "time-limit", po::value<std::string>()->value_name("TIME"),
        "stop in good order after this time (90s, 50m, 2h)")("memory-per-rank",
                                                             po::value<std::string>()->value_name("SIZE"),
                                                             "memory budget of a rank (512M, 4G)")(
        "shard", po::value<std::string>()->value_name("I/N"),
        "compute part I of N equally expensive parts of the grid; attnpaths merge joins them")(
        "progress", po::value<std::string>()->value_name("auto|bar|lines|none")->default_value("auto"),
        "how the run is followed on the terminal");
    add_help_option(options);
    return options;
}

}  // namespace

int run_sweep(const std::vector<std::string>& arguments) {
    po::options_description visible = run_options();
    visible.add(key_options([](const std::string&) { return true; }));
    po::options_description all;
    all.add(visible);
    all.add_options()("configuration", po::value<std::string>());
    po::positional_options_description words;
    words.add("configuration", 1);

    const auto asks_for_help = [](const std::string& word) { return word == "--help" || word == "-h"; };
    if (std::any_of(arguments.begin(), arguments.end(), asks_for_help)) {
        print_help(
            "sweep [CONFIGURATION] [--key value ...]      (under mpirun -n RANKS, or alone)",
            "Computes every point of a grid of (width, examples, heads, depth, temperature, prior variance, "
            "seed) that the\n"
            "store does not have yet. Rank 0 hands out points and keeps the store, the other ranks compute; "
            "a single rank\n"
            "does both. Interrupted at any moment, the same command goes on where it was. Points that "
            "were submitted to the\n"
            "store are computed too.\n\n"
            "  mpirun -n 3 attnpaths sweep jobs/markov-width.ini --store results.h5\n"
            "  mpirun -n 3 attnpaths sweep --store results.h5 --wait      (points come by attnpaths submit)\n"
            "  attnpaths sweep --grid.width \"10 100 1000\" --grid.temperature 0.01",
            visible);
        return 0;
    }
    // Every rank parses the same words, so every rank sees the same mistakes: only the master speaks of them.
    const mpi::Environment environment;
    tell_launch_mismatch("sweep");
    po::variables_map values;
    SweepOptions options;
    try {
        values = parse_options(arguments, all, words, "sweep");
        options.progress = parse_progress_style(values["progress"].as<std::string>());
    } catch (const Error&) {
        if (mpi::Communicator().is_master()) throw;
        return 0;
    }
    options.dry_run = values.count("dry-run") > 0;
    options.retry_failed = values.count("retry-failed") > 0;
    options.wait = values.count("wait") > 0;
    if (!options.dry_run) attnpaths::lapack::reserve_memory();
    return attnpaths::run_sweep([&] { return settings_of(values); }, options);
}

}  // namespace attnpaths::cli
