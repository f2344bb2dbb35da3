#include "cli/sweep_settings.hpp"

#include "analyses/selection.hpp"
#include "base/value_syntax.hpp"
#include "sweep/configuration.hpp"

#include <fmt/format.h>

#include <string>
#include <utility>

namespace attnpaths::cli {

namespace po = boost::program_options;

namespace {

/// Options with a name of their own that stand for a key of the configuration.
const std::vector<std::pair<std::string, std::string>> short_names = {
    {"store", "store.file"},
    {"time-limit", "run.time_limit"},
    {"memory-per-rank", "run.memory_per_rank"},
    {"shard", "run.shard"}};

const char* value_name(const SettingKey& key) {
    if (key.name == run_setting().name) return analyses_value;
    if (key.name == "task.name") return task_value;
    if (key.kind == SettingKind::boolean) return "true|false";
    return key.kind == SettingKind::file ? "FILE" : "VALUE";
}

}  // namespace

po::options_description key_options(const std::function<bool(const std::string& key)>& wanted) {
    po::options_description options(
        "Keys of the configuration file, by section.name; on the command line they win over the file",
        sweep_help_columns);
    for (const SettingGroup& group : sweep_key_groups()) {
        po::options_description grouped(group.title, sweep_help_columns);
        for (const SettingKey& key : group.keys) {
            if (!wanted(key.name)) continue;
            const std::string text = key.default_value.empty()
                                         ? key.description
                                         : fmt::format("{} [{}]", key.description, key.default_value);
            grouped.add_options()(key.name.c_str(), po::value<std::string>()->value_name(value_name(key)),
                                  text.c_str());
        }
        if (!grouped.options().empty()) options.add(grouped);
    }
    return options;
}

std::vector<PartSettings> settings_of(const po::variables_map& values) {
    SweepSettings settings;
    if (values.count("configuration") > 0)
        settings = read_settings_file(values["configuration"].as<std::string>(), sweep_keys());
    Settings over;
    const auto take = [&](const std::string& option, const std::string& key) {
        if (values.count(option) == 0) return;
        over.set(key, {values[option].as<std::string>(), "command line"});
        const std::string problem = forbidden_characters(values[option].as<std::string>());
        if (!problem.empty()) over.fail(key, "holds " + problem);
    };
    for (const SettingKey& key : sweep_keys()) take(key.name, key.name);
    for (const auto& [name, key] : short_names) take(name, key);
    if (values.count("no-samples") > 0) over.set(samples_setting().name, {"false", "command line"});
    return settings.resolve(over);
}

}  // namespace attnpaths::cli
