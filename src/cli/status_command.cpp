#include "base/error.hpp"
#include "base/standard_streams.hpp"
#include "base/text.hpp"
#include "base/utc_time.hpp"
#include "cli/command.hpp"
#include "cli/options.hpp"
#include "cli/status_text.hpp"
#include "cli/sweep_status.hpp"
#include "cli/unread.hpp"
#include "cli/watch.hpp"

#include <fmt/format.h>

#include <optional>

namespace attnpaths::cli {

namespace po = boost::program_options;

namespace {

constexpr double default_watch_seconds = 2;

/// Follows a store until no sweep runs on it and nothing is left to compute. @returns the exit code
int watch_store(const std::string& path, bool as_json, double seconds) {
    std::optional<StoreView> latest;
    watch(
        [&] {
            const StoreView& store = latest.emplace(read_store(path));
            const SweepStatus status = sweep_status(store);
            Glance glance;
            glance.state = log_line(status);
            glance.screen = as_json ? json_text(store, status, 2) : plain_text(store, status);
            glance.log = as_json ? json_text(store, status, -1)
                                 : fmt::format("{}  {}\n", utc_text(now_seconds()), glance.state);
            glance.is_over = status.running == "no" && status.left == 0 && !status.queue.has_work();
            return glance;
        },
        seconds);
    return latest ? report_unread(*latest, "status") : 0;
}

/// --watch takes its seconds as a word of their own too; Boost would take that word for another store.
std::vector<std::string> with_watch_value(const std::vector<std::string>& arguments) {
    std::vector<std::string> words;
    double number = 0;
    for (const std::string& word : arguments) {
        if (!words.empty() && words.back() == "--watch" && parse_number(word, number))
            words.back() += "=" + word;
        else
            words.push_back(word);
    }
    return words;
}

double watch_seconds(const po::variables_map& values) {
    const double seconds = values["watch"].as<double>();
    constexpr double longest = 86400;
    if (!(seconds >= 0.1 && seconds <= longest))
        throw UsageError(fmt::format("--watch {}: give between 0.1 and {} seconds", seconds, longest));
    return seconds;
}

}  // namespace

int run_status(const std::vector<std::string>& arguments) {
    po::options_description options("options");
    options.add_options()("json", "print one JSON object")(
        "watch", po::value<double>()->value_name("SECONDS")->implicit_value(default_watch_seconds, "2"),
        "look again and again, until no sweep runs and nothing is left");
    add_help_option(options);
    po::options_description all;
    all.add(options).add_options()("store", po::value<std::string>());
    const auto values = parse_options(with_watch_value(arguments), all,
                                      po::positional_options_description().add("store", 1), "status");
    if (values.count("help") > 0) {
        print_help(
            "status STORE [--json] [--watch [SECONDS]]",
            "Points done, failed and left of a store, how fast they finish and what the rest will "
            "cost; works while a sweep\n"
            "is writing. Submissions that wait (attnpaths submit) are listed with who asked for them. "
            "--watch follows: on a\n"
            "terminal it rewrites the screen, elsewhere every change adds a line. STORE.journal beside a "
            "store holds what is not in it\n"
            "yet, and stays; with nothing left to compute the store is complete without it.\n\n"
            "example: attnpaths status results.h5",
            options);
        return 0;
    }
    if (values.count("store") == 0) throw UsageError("give a store; see attnpaths status --help");
    const auto path = values["store"].as<std::string>();
    const bool as_json = values.count("json") > 0;
    if (values.count("watch") > 0) return watch_store(path, as_json, watch_seconds(values));
    const StoreView store = read_store(path);
    const SweepStatus status = sweep_status(store);
    write_output(as_json ? json_text(store, status, 2) : plain_text(store, status));
    return report_unread(store, "status");
}

}  // namespace attnpaths::cli
