#include "cli/status_text.hpp"

#include "base/printable.hpp"
#include "farm/duration.hpp"
#include "sampling/checkpoint.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace attnpaths::cli {

namespace {

/// Messages of failed points in the text for people.
constexpr std::size_t most_messages = 3;

/// "96 done, 4 left out"
std::string counts_text(const AnalysisCounts& count) {
    std::string text = fmt::format("{} done", count.done);
    if (count.failed > 0) text += fmt::format(", {} failed", count.failed);
    if (count.left_out > 0) text += fmt::format(", {} left out", count.left_out);
    return text;
}

/// Analyses that have answered equally many points share a line, the most first.
std::vector<std::pair<std::string, std::vector<std::string>>> by_counts(
    std::vector<AnalysisCounts> analyses) {
    std::stable_sort(analyses.begin(), analyses.end(),
                     [](const AnalysisCounts& a, const AnalysisCounts& b) { return a.done > b.done; });
    std::vector<std::pair<std::string, std::vector<std::string>>> lines;
    for (const AnalysisCounts& count : analyses) {
        const std::string text = counts_text(count);
        const auto line = std::find_if(lines.begin(), lines.end(),
                                       [&](const auto& candidate) { return candidate.first == text; });
        if (line == lines.end())
            lines.push_back({text, {count.name}});
        else
            line->second.push_back(count.name);
    }
    return lines;
}

/// Enters how far chains are, or strands of examples.
void add_chains(nlohmann::json& json, const ChainStatus& chains) {
    const ChainProgress& progress = chains.progress;
    nlohmann::json entry = {{"key", chains.key}, {"point", chains.point}};
    if (chains.method == folding_method) {
        entry.update({{"strands", progress.chains}, {"blocks", progress.draws}, {"goal", progress.goal}});
        json["folding"].push_back(std::move(entry));
        return;
    }
    entry.update({{"method", chains.method},
                  {"chains", progress.chains},
                  {"draws", progress.draws},
                  {"goal", progress.goal},
                  {"rhat", progress.rhat},
                  {"ess", progress.ess}});
    json["chains"].push_back(std::move(entry));
}

}  // namespace

std::string json_text(const StoreView& store, const SweepStatus& status, int indent) {
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
                           {"chains", nlohmann::json::array()},
                           {"folding", nlohmann::json::array()},
                           {"slowest", nlohmann::json::array()},
                           {"messages", nlohmann::json::array()},
                           {"warnings", status.warnings}};
    for (const auto& [seconds, point] : status.slowest)
        json["slowest"].push_back({{"seconds", seconds}, {"point", point}});
    for (const auto& [message, count] : status.messages)
        json["messages"].push_back({{"message", message}, {"points", count}});
    for (const AnalysisCounts& count : status.analyses)
        json["analyses"][count.name] = {
            {"done", count.done}, {"failed", count.failed}, {"left_out", count.left_out}};
    for (const ChainStatus& chains : status.chains) add_chains(json, chains);
    add_queue(json, status.queue);
    return json.dump(indent, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

std::string plain_text(const StoreView& store, const SweepStatus& status) {
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
        line("analyses", fmt::format("{}: {}", counts, fmt::join(names, ", ")));
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
                fmt::format(", {} of work is in checkpoints", duration_text(costs.checkpointed_seconds));
        if (!std::isnan(status.rate) && status.running == "yes")
            remaining +=
                ", about " + duration_text(static_cast<double>(status.left) / status.rate * seconds_per_hour);
        line("remaining", remaining);
    }
    for (const auto& [name, value] : chain_lines(status.chains)) line(name.c_str(), value);
    for (const auto& [seconds, point] : status.slowest)
        line("slowest", fmt::format("{:.3g} s  {}", seconds, point));
    for (std::size_t i = 0; i < std::min(most_messages, status.messages.size()); ++i)
        line("failed", fmt::format("{} x {}", status.messages[i].second, status.messages[i].first));
    for (const auto& [name, value] : queue_lines(status.queue)) line(name.c_str(), value);
    for (const std::string& warning : status.warnings) line("warning", warning);
    return text;
}

std::string log_line(const SweepStatus& status) {
    std::string text = fmt::format("{} of {} points done, {} failed, {} left, {} in work", status.done,
                                   status.planned, status.failed, status.left, status.in_work);
    for (const QueuedSubmission& submission : status.queue.submissions)
        text += fmt::format("; {} of {} wait for {}", submission.waiting, submission.points,
                            submission.requested_by);
    return text + (status.running == "yes"  ? "; running"
                   : status.running == "no" ? "; not running"
                                            : "; perhaps running");
}

}  // namespace attnpaths::cli
