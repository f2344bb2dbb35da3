#include "sweep/run_settings.hpp"

#include "farm/duration.hpp"
#include "sweep/shard.hpp"

#include <fmt/format.h>

namespace attnpaths {

std::vector<SettingKey> run_settings() {
    return {
        {"run.memory_per_rank", "4G",
         "path kernels are held in memory within this budget, else evaluated from features"},
        {"run.time_limit", "", "stop in good order after this time (90s, 50m, 2h), exit code 75"},
        {"run.time_margin", "60s",
         "in a Slurm job: stop this long before its end (or a tenth of what is left at the start, if that is "
         "less)"},
        {"run.shard", "", "i/n: compute only part i of n equally expensive parts of the grid; see merge"},
        {"run.checkpoint_period", "5m",
         "time between checkpoints of long sampling; a killed run loses no more"},
        {"run.point_limit", "24h",
         "time that a point may take, or that its sampling may go on without a checkpoint; failed after "
         "three times"},
    };
}

namespace {

/// A time in seconds, such as 90s, 50m or 2h.
double duration_of(const Settings& settings, const std::string& key) {
    const double seconds = parse_duration(settings.text(key));
    if (seconds < 0)
        settings.fail(key, "is not a time; write for example 90s, 50m or 2h (at most 100 years, 36525d)");
    return seconds;
}

}  // namespace

RunConfiguration read_run(const Settings& settings) {
    RunConfiguration run;
    if (settings.has("run.time_limit")) run.time_limit = duration_of(settings, "run.time_limit");
    run.time_margin = duration_of(settings, "run.time_margin");
    if (settings.has("run.shard")) {
        run.shard = parse_shard(settings.text("run.shard"));
        if (run.shard.count == 0)
            settings.fail("run.shard", fmt::format("\"{}\" is not a shard; write for example 3/8, the "
                                                   "third of eight parts",
                                                   settings.text("run.shard")));
    }
    run.checkpoint_period = duration_of(settings, "run.checkpoint_period");
    run.point_limit = duration_of(settings, "run.point_limit");
    if (run.point_limit == 0)
        settings.fail("run.point_limit",
                      "is not a time that a point could take; write for example 10m or 24h");
    return run;
}

double read_memory_per_rank(const Settings& settings) {
    const double bytes = parse_memory(settings.text("run.memory_per_rank"));
    if (bytes <= 0) settings.fail("run.memory_per_rank", "is not a size; write for example 512M or 4G");
    return bytes;
}

}  // namespace attnpaths
