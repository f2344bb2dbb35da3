#include "cli/sweep_status.hpp"

#include "analyses/plan.hpp"
#include "analyses/registry.hpp"
#include "base/utc_time.hpp"
#include "point/columns.hpp"
#include "store/log/store_lock.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <unordered_set>

namespace attnpaths::cli {

namespace {

/// Points named as the slowest.
constexpr std::size_t most_slowest = 3;

std::vector<AnalysisCounts> analysis_counts(const StoreView& store) {
    std::vector<AnalysisCounts> counts;
    for (const Analysis& analysis : analyses()) {
        const std::vector<std::string> states = store.texts(analysis.name + "/status");
        const auto count = [&](AnswerStatus status) {
            return std::count(states.begin(), states.end(), to_text(status));
        };
        const AnalysisCounts all = {analysis.name, count(AnswerStatus::done), count(AnswerStatus::failed),
                                    count(AnswerStatus::left_out)};
        if (all.done + all.failed + all.left_out > 0) counts.push_back(all);
    }
    return counts;
}

void add_lock(SweepStatus& status, const std::string& path) {
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

void add_messages(SweepStatus& status, const StoreView& store, const std::vector<std::string>& states) {
    if (status.failed == 0) return;
    const std::vector<std::string> texts = store.texts("point/message");
    std::map<std::string, std::size_t> counts;
    for (std::size_t i = 0; i < texts.size(); ++i)
        if (states[i] == "failed") ++counts[texts[i]];
    status.messages.assign(counts.begin(), counts.end());
    std::stable_sort(status.messages.begin(), status.messages.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
}

}  // namespace

SweepStatus sweep_status(const StoreView& store) {
    SweepStatus status;
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
    status.chains = chain_status(store);

    const std::vector<double> seconds = store.reals("point/seconds");
    std::vector<std::size_t> timed;
    for (std::size_t i = 0; i < seconds.size(); ++i)
        if (states[i] == "done" && !std::isnan(seconds[i])) timed.push_back(i);
    const auto listed = static_cast<std::ptrdiff_t>(std::min(most_slowest, timed.size()));
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

}  // namespace attnpaths::cli
