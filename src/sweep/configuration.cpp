#include "sweep/configuration.hpp"

#include "analyses/registry.hpp"
#include "analyses/selection.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "sweep/grid_settings.hpp"
#include "sweep/run_settings.hpp"
#include "tasks/registry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace attnpaths {

namespace {

constexpr double largest_number = 1e15;

/// What all analyses of a point share.
const std::vector<SettingKey> point_settings = {
    {"theory.variance_input", "1", "prior variance sigma_0^2 of V0"},
    {"theory.variance_layers", "1", "prior variance of V^l, one for all layers or one each (1:2)"},
    {"theory.variance_readout", "1", "prior variance sigma_a^2 of a"},
    {"store.file", "attnpaths.h5", "the store"},
};

constexpr double smallest_variance = std::numeric_limits<double>::min();

void read_point(const Settings& settings, PointConfiguration& point) {
    point.analyses = selected_analyses(settings);
    point.required = required_analyses(settings);
    point.variances.input = settings.number("theory.variance_input", smallest_variance, largest_number);
    point.variances.readout = settings.number("theory.variance_readout", smallest_variance, largest_number);
    for (const std::string& word :
         layer_pieces(settings, "theory.variance_layers", settings.text("theory.variance_layers"))) {
        double value = 0;
        if (!parse_number(word, value) || value < smallest_variance || value > largest_number)
            settings.fail("theory.variance_layers",
                          fmt::format("\"{}\" is not a positive number up to {}", word, largest_number));
        point.variances.layers.push_back(value);
    }
    point.memory_per_rank = read_memory_per_rank(settings);
}

}  // namespace

const std::vector<SettingGroup>& sweep_key_groups() {
    static const std::vector<SettingGroup> groups = [] {
        std::vector<SettingGroup> all = task_setting_groups();
        add_group(all, "Grid", grid_settings());
        add_group(all, "Prior and store", point_settings);
        add_group(all, "Analyses", {run_setting(), samples_setting()});
        for (const SettingGroup& group : analysis_setting_groups()) add_group(all, group.title, group.keys);
        add_group(all, "Run", run_settings());
        return all;
    }();
    return groups;
}

const std::vector<SettingKey>& sweep_keys() {
    static const std::vector<SettingKey> keys = keys_of(sweep_key_groups());
    return keys;
}

Configuration read_configuration(Settings settings) {
    Configuration configuration;
    settings.fill_defaults(sweep_keys());
    const TaskDeclaration& task = named_task(settings);
    configuration.task_name = task.name;
    configuration.task = make_task(task, settings);
    settings.check(sweep_keys());
    read_point(settings, configuration);
    configuration.grid = read_grid(settings);
    configuration.store = settings.text("store.file");
    configuration.run = read_run(settings);
    for (const Analysis* analysis : configuration.analyses) {
        if (analysis->advance_chains == nullptr) continue;
        if (analysis->is_short != nullptr && analysis->is_short(settings)) continue;
        if (configuration.task->rehearsal() != nullptr)
            settings.fail(run_setting().name,
                          "a rehearsal computes nothing to sample; leave out " + analysis->name);
        // A checkpoint is the sign that sampling gets on.
        if (configuration.run.point_limit <= configuration.run.checkpoint_period)
            settings.fail("run.point_limit",
                          "must be longer than run.checkpoint_period where points are sampled");
    }
    for (const Analysis& analysis : analyses())
        if (analysis.check_settings != nullptr) analysis.check_settings(settings);
    configuration.settings = std::move(settings);
    return configuration;
}

Configuration read_run_configuration(Settings settings) {
    Configuration configuration;
    settings.fill_defaults(sweep_keys());
    configuration.memory_per_rank = read_memory_per_rank(settings);
    configuration.store = settings.text("store.file");
    configuration.run = read_run(settings);
    configuration.settings = std::move(settings);
    return configuration;
}

}  // namespace attnpaths
