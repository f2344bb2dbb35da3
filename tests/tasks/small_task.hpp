#pragma once

#include "tasks/registry.hpp"

#include <map>
#include <string>

namespace attnpaths {

/// Settings that name a task and leave it its defaults, but small; files are the data set of the tests.
inline Settings small_settings_of(const TaskDeclaration& task) {
    Settings settings;
    settings.set("task.name", {task.name, "command line"});
    const std::map<std::string, std::string> small = {
        {"task.feature_width", "6"},   {"task.tokens", "4"},      {"task.test_examples", "10"},
        {"task.alphabet", "4"},        {"task.length", "8"},      {"task.nodes", "60"},
        {"task.labelled_nodes", "20"}, {"task.mean_degree", "6"}, {"task.node_features", "5"}};
    for (const SettingKey& key : task.settings) {
        if (key.name == "task.file")
            settings.set(key.name, {ATTNPATHS_TEST_DATA "/markov-4paths-small.h5", "command line"});
        if (small.contains(key.name)) settings.set(key.name, {small.at(key.name), "command line"});
    }
    settings.fill_defaults(task_settings());
    return settings;
}

}  // namespace attnpaths
