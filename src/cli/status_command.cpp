#include "analyses/registry.hpp"
#include "base/error.hpp"
#include "base/printable.hpp"
#include "base/standard_streams.hpp"
#include "base/text.hpp"
#include "base/utc_time.hpp"
#include "cli/command.hpp"
#include "cli/cost_status.hpp"
#include "cli/options.hpp"
#include "cli/queue_status.hpp"
#include "cli/unread.hpp"
#include "cli/watch.hpp"
#include "farm/duration.hpp"
#include "point/columns.hpp"
#include "store/log/store_lock.hpp"
#include "store/store_view.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>
#include <unordered_set>

namespace attnpaths::cli {

namespace po = boost::program_options;

namespace {

constexpr std::size_t most_listed = 3;
constexpr double seconds_per_hour = 3600;

/// Points with an answer of an analysis.
struct AnalysisCounts {
    std::string name;
    std::int64_t done;
    std::int64_t failed;
};

struct Status {
    std::int64_t planned = 0;
    std::int64_t done = 0;
    std::int64_t failed = 0;
    std::int64_t left = 0;
    std::vector<AnalysisCounts> analyses;
    std::size_t in_work = 0;
    std::string running;  ///< "yes", "no", "unknown"
    std::string owner;    ///< of the lock, "" if there is none
    double rate = NAN;    ///< points per hour in the latest run
    CostStatus costs;
    std::vector<std::pair<double, std::string>> slowest;
    std::vector<std::pair<std::string, std::size_t>> messages;  ///< of failed points, the most frequent first
    QueueStatus queue;
    std::vector<std::string> warnings;
};

std::vector<AnalysisCounts> analysis_counts(const StoreView& store) {
    std::vector<AnalysisCounts> counts;
    for (const Analysis& analysis : analyses()) {
        const std::vector<std::string> states = store.texts(analysis.name + "/status");
        const AnalysisCounts count = {analysis.name, std::count(states.begin(), states.end(), "done"),
                                      std::count(states.begin(), states.end(), "failed")};
        if (count.done + count.failed > 0) counts.push_back(count);
    }
    return counts;
}

void add_lock(Status& status, const std::string& path) {
    status.running = "no";
    const std::optional<LockOwner> owner = lock_owner(path);
    if (!owner) return;
    status.owner = fmt::format("pid {} on host {} since {}", owner->pid, owner->host, owner->since);
    const Liveness alive = liveness(*owner);
    status.running = alive == Liveness::running ? "yes" : alive == Liveness::gone ? "no" : "unknown";
}

/// Points of the latest run per hour, from the times at which they finished; NaN if it finished none.
double rate_of(const StoreView& store, bool is_running) {
    const double begin = utc_seconds(store.header().run_started);
    double last = begin;
    std::size_t finished = 0;
    for (const double time : store.reals("point/finished")) {
        // Times as text are cut to seconds: a point may seem to finish in the second in which the run began.
        if (!(time >= begin)) continue;
        ++finished;
        last = std::max(last, time);
    }
    if (is_running) last = now_seconds();
    return finished > 0 && last > begin ? static_cast<double>(finished) / (last - begin) * seconds_per_hour
                                        : NAN;
}

void add_messages(Status& status, const StoreView& store, const std::vector<std::string>& states) {
    if (status.failed == 0) return;
    const std::vector<std::string> texts = store.texts("point/message");
    std::map<std::string, std::size_t> counts;
    for (std::size_t i = 0; i < texts.size(); ++i)
        if (states[i] == "failed") ++counts[texts[i]];
    status.messages.assign(counts.begin(), counts.end());
    std::stable_sort(status.messages.begin(), status.messages.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
}

Status status_of(const StoreView& store) {
    Status status;
    const std::vector<std::string> states = store.texts("point/status");
    const std::vector<std::string> keys = store.texts("point/key");
    const std::unordered_set<std::string> reopened(store.reopened().begin(), store.reopened().end());
    // What is there of a point of which more is wanted is no finished point.
    for (std::size_t i = 0; i < states.size(); ++i)
        if (!reopened.contains(keys[i])) ++(states[i] == "done" ? status.done : status.failed);
    status.planned = std::max(store.header().planned, static_cast<std::int64_t>(states.size()));
    status.analyses = analysis_counts(store);
    status.left = status.planned - status.done - status.failed;
    status.in_work = store.in_flight().size();
    add_lock(status, store.path());
    status.rate = rate_of(store, status.running == "yes");
    status.costs = cost_status(store, status.left);

    const std::vector<double> seconds = store.reals("point/seconds");
    std::vector<std::size_t> timed;
    for (std::size_t i = 0; i < seconds.size(); ++i)
        if (states[i] == "done" && !std::isnan(seconds[i])) timed.push_back(i);
    const auto listed = static_cast<std::ptrdiff_t>(std::min(most_listed, timed.size()));
    std::partial_sort(timed.begin(), timed.begin() + listed, timed.end(),
                      [&](std::size_t a, std::size_t b) { return seconds[a] > seconds[b]; });
    for (auto it = timed.begin(); it != timed.begin() + listed; ++it)
        status.slowest.emplace_back(seconds[*it], point_text(store.record(*it)));
    add_messages(status, store, states);
    status.queue = queue_status(store);
    status.warnings = store.damage();
    status.warnings.insert(status.warnings.end(), store.notes().begin(), store.notes().end());
    status.warnings.insert(status.warnings.end(), status.queue.warnings.begin(), status.queue.warnings.end());
    return status;
}

std::string json_text(const StoreView& store, const Status& status, int indent) {
    nlohmann::json json = {{"store", store.path()},
                           {"points", status.planned},
                           {"done", status.done},
                           {"failed", status.failed},
                           {"left", status.left},
                           {"in_work", status.in_work},
                           {"running", status.running},
                           {"run_started", store.header().run_started},
                           {"points_per_hour", status.rate},
                           {"mean_seconds", status.costs.mean_seconds},
                           {"remaining_cpu_hours", status.costs.remaining_seconds / seconds_per_hour},
                           {"checkpointed_seconds", status.costs.checkpointed_seconds},
                           {"run_workers", status.costs.run_workers},
                           {"run_seconds", status.costs.run_seconds},
                           {"run_busy_fraction", status.costs.run_busy_fraction},
                           {"run_idle_at_end", status.costs.run_idle_at_end},
                           {"analyses", nlohmann::json::object()},
                           {"slowest", nlohmann::json::array()},
                           {"messages", nlohmann::json::array()},
                           {"warnings", status.warnings}};
    for (const auto& [seconds, point] : status.slowest)
        json["slowest"].push_back({{"seconds", seconds}, {"point", point}});
    for (const auto& [message, count] : status.messages)
        json["messages"].push_back({{"message", message}, {"points", count}});
    for (const AnalysisCounts& count : status.analyses)
        json["analyses"][count.name] = {{"done", count.done}, {"failed", count.failed}};
    add_queue(json, status.queue);
    return json.dump(indent, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

/// Analyses that have answered equally many points share a line, the most first.
std::vector<std::pair<std::pair<std::int64_t, std::int64_t>, std::vector<std::string>>> by_counts(
    const std::vector<AnalysisCounts>& analyses) {
    std::map<std::pair<std::int64_t, std::int64_t>, std::vector<std::string>> names;
    for (const AnalysisCounts& count : analyses) names[{count.done, count.failed}].push_back(count.name);
    return {names.rbegin(), names.rend()};
}

std::string plain_text(const StoreView& store, const Status& status) {
    std::string text = fmt::format("{}: {} points: {} done, {} failed, {} left\n", store.path(),
                                   status.planned, status.done, status.failed, status.left);
    const auto line = [&](const char* name, const std::string& value) {
        text += fmt::format("  {:<10} {}\n", name, printable(value));
    };
    if (status.running == "yes")
        line("sweep", fmt::format("running ({}), {} point{} in work", status.owner, status.in_work,
                                  status.in_work == 1 ? "" : "s"));
    else if (status.running == "unknown")
        line("sweep", fmt::format("perhaps running ({}): cannot be seen from this machine", status.owner));
    else
        line("sweep", "not running");
    for (const auto& [counts, names] : by_counts(status.analyses))
        line("analyses", fmt::format("{} done{}: {}", counts.first,
                                     counts.second > 0 ? fmt::format(", {} failed", counts.second) : "",
                                     fmt::join(names, ", ")));
    if (!std::isnan(status.rate))
        line("rate", fmt::format("{:.4g} points per hour in the latest run", status.rate));
    const CostStatus& costs = status.costs;
    if (!std::isnan(costs.run_busy_fraction))
        line("last run",
             fmt::format("{} with {} worker{}, {:.1f} % of their time at work, {} idle at the end",
                         duration_text(costs.run_seconds), costs.run_workers,
                         costs.run_workers == 1 ? "" : "s", 100 * costs.run_busy_fraction,
                         duration_text(costs.run_idle_at_end)));
    if (!std::isnan(costs.remaining_seconds) && status.left > 0) {
        std::string remaining =
            fmt::format("about {:.3g} CPU hours", costs.remaining_seconds / seconds_per_hour);
        if (!std::isnan(costs.mean_seconds))
            remaining += fmt::format(" ({:.3g} s per point so far)", costs.mean_seconds);
        if (costs.checkpointed_seconds > 0)
            remaining +=
                fmt::format(", {} of chains are in checkpoints", duration_text(costs.checkpointed_seconds));
        if (!std::isnan(status.rate) && status.running == "yes")
            remaining +=
                ", about " + duration_text(static_cast<double>(status.left) / status.rate * seconds_per_hour);
        line("remaining", remaining);
    }
    for (const auto& [seconds, point] : status.slowest)
        line("slowest", fmt::format("{:.3g} s  {}", seconds, point));
    for (std::size_t i = 0; i < std::min(most_listed, status.messages.size()); ++i)
        line("failed", fmt::format("{} x {}", status.messages[i].second, status.messages[i].first));
    for (const auto& [name, value] : queue_lines(status.queue)) line(name.c_str(), value);
    for (const std::string& warning : status.warnings) line("warning", warning);
    return text;
}

constexpr double default_watch_seconds = 2;

/// One line for a log: what only changes when something happens.
std::string log_line(const Status& status) {
    std::string text = fmt::format("{} of {} points done, {} failed, {} left, {} in work", status.done,
                                   status.planned, status.failed, status.left, status.in_work);
    for (const QueuedSubmission& submission : status.queue.submissions)
        text += fmt::format("; {} of {} wait for {}", submission.waiting, submission.points,
                            submission.requested_by);
    return text + (status.running == "yes"  ? "; running"
                   : status.running == "no" ? "; not running"
                                            : "; perhaps running");
}

/// Follows a store until no sweep runs on it and nothing is left to compute. @returns the exit code
int watch_store(const std::string& path, bool as_json, double seconds) {
    std::optional<StoreView> latest;
    watch(
        [&] {
            const StoreView& store = latest.emplace(read_store(path));
            const Status status = status_of(store);
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
        print_help("status STORE [--json] [--watch [SECONDS]]",
                   "Points done, failed and left of a store, how fast they finish and what the rest will "
                   "cost; works while a sweep\n"
                   "is writing. Submissions that wait (attnpaths submit) are listed with who asked for them. "
                   "--watch follows: on a\n"
                   "terminal it rewrites the screen, elsewhere every change adds a line.\n\n"
                   "example: attnpaths status results.h5",
                   options);
        return 0;
    }
    if (values.count("store") == 0) throw UsageError("give a store; see attnpaths status --help");
    const auto path = values["store"].as<std::string>();
    const bool as_json = values.count("json") > 0;
    if (values.count("watch") > 0) return watch_store(path, as_json, watch_seconds(values));
    const StoreView store = read_store(path);
    const Status status = status_of(store);
    write_output(as_json ? json_text(store, status, 2) : plain_text(store, status));
    return report_unread(store, "status");
}

}  // namespace attnpaths::cli
