#pragma once

#include "tasks/task.hpp"

#include <memory>
#include <string>
#include <vector>

namespace attnpaths {

/// All tasks; the first is the default.
const std::vector<TaskDeclaration>& tasks();

/// The setting that names the task, and those of each task; those that several have are with the first of
/// them.
std::vector<SettingGroup> task_setting_groups();

/// The settings of the section [task], each key once.
std::vector<SettingKey> task_settings();

/// The declaration of the task that task.name names.
/// @throws UsageError
const TaskDeclaration& named_task(const Settings& settings);

/// Makes the task of this declaration with its settings.
/// @throws UsageError naming place, key and value; settings of other tasks, which would silently do nothing,
/// are wrong too
std::shared_ptr<Task> make_task(const TaskDeclaration& declaration, const Settings& settings);

}  // namespace attnpaths
