#include "tasks/registry.hpp"

#include "tasks/chain/chain_task.hpp"
#include "tasks/dataset_file/dataset_file_task.hpp"
#include "tasks/graph/graph_task.hpp"
#include "tasks/hidden_markov/hidden_markov_task.hpp"
#include "tasks/induction/induction_task.hpp"
#include "tasks/rehearsal/rehearsal_task.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace attnpaths {

const std::vector<TaskDeclaration>& tasks() {
    static const std::vector<TaskDeclaration> all = {
        hidden_markov_task(), dataset_file_task(), induction_task(),
        chain_task(),         graph_task(),        rehearsal_task(),
    };
    return all;
}

namespace {

std::vector<std::string> task_names() {
    std::vector<std::string> names;
    for (const TaskDeclaration& task : tasks()) names.push_back(task.name);
    return names;
}

bool has_setting(const TaskDeclaration& task, const std::string& key) {
    return std::any_of(task.settings.begin(), task.settings.end(),
                       [&](const SettingKey& setting) { return setting.name == key; });
}

}  // namespace

std::vector<SettingGroup> task_setting_groups() {
    std::vector<std::string> lines;
    for (const TaskDeclaration& task : tasks())
        lines.push_back(fmt::format("{}: {}", task.name, task.summary));
    std::vector<SettingGroup> groups;
    add_group(groups, "Task",
              {{"task.name", tasks().front().name, fmt::format("{}", fmt::join(lines, "; "))}});
    for (const TaskDeclaration& task : tasks()) add_group(groups, "Task " + task.name, task.settings);
    return groups;
}

std::vector<SettingKey> task_settings() {
    return keys_of(task_setting_groups());
}

const TaskDeclaration& named_task(const Settings& settings) {
    const std::string name = settings.text("task.name");
    for (const TaskDeclaration& task : tasks())
        if (task.name == name) return task;
    settings.fail("task.name",
                  fmt::format("there is no task \"{}\"; use {}", name, fmt::join(task_names(), ", ")));
}

std::shared_ptr<Task> make_task(const TaskDeclaration& declaration, const Settings& settings) {
    for (const TaskDeclaration& other : tasks())
        for (const SettingKey& setting : other.settings)
            if (settings.is_given(setting.name) && !has_setting(declaration, setting.name))
                settings.fail(setting.name, fmt::format("is not a key of the {} task", declaration.name));
    return declaration.make(settings);
}

}  // namespace attnpaths
