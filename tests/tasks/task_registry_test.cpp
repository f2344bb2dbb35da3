#include "base/error.hpp"
#include "tasks/registry.hpp"
#include "tasks/small_task.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <tuple>

namespace attnpaths {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
using testing::ThrowsMessage;

TEST(TaskRegistry, DeclaresEveryTaskAndSettingOnceWithItsHelp) {
    std::set<std::string> names;
    for (const TaskDeclaration& task : tasks()) {
        EXPECT_TRUE(names.insert(task.name).second) << task.name;
        EXPECT_NE(task.summary, "");
        for (const SettingKey& key : task.settings) EXPECT_THAT(key.name, StartsWith("task."));
    }
    std::set<std::string> keys;
    for (const SettingKey& key : task_settings()) {
        EXPECT_TRUE(keys.insert(key.name).second) << key.name;
        EXPECT_NE(key.description, "") << key.name;
    }
    EXPECT_TRUE(keys.contains("task.name"));
    for (const TaskDeclaration& task : tasks())
        EXPECT_THAT(task_settings().front().description, HasSubstr(task.name + ": " + task.summary));
}

TEST(TaskRegistry, DefaultsKeepTheirOwnBounds) {
    for (const TaskDeclaration& task : tasks())
        EXPECT_NO_THROW(small_settings_of(task).check(task.settings)) << task.name;
}

TEST(TaskRegistry, RefusesUnknownTasksAndSettingsOfOthers) {
    Settings settings;
    settings.set("task.name", {"mnist", "sweep.ini:2"});
    EXPECT_THAT(
        [&] { std::ignore = named_task(settings); },
        ThrowsMessage<UsageError>(HasSubstr("sweep.ini:2: task.name: there is no task \"mnist\"; use ")));
    for (const TaskDeclaration& task : tasks())
        for (const TaskDeclaration& other : tasks()) {
            if (task.name == other.name) continue;
            Settings mixed = small_settings_of(task);
            const auto foreign =
                std::find_if(other.settings.begin(), other.settings.end(), [&](const SettingKey& key) {
                    return std::none_of(task.settings.begin(), task.settings.end(),
                                        [&](const SettingKey& own) { return own.name == key.name; });
                });
            ASSERT_NE(foreign, other.settings.end());
            const std::string key = foreign->name;
            mixed.set(key, {"1", "command line"});
            EXPECT_THAT(
                [&] { std::ignore = make_task(task, mixed); },
                ThrowsMessage<UsageError>("--" + key + ": is not a key of the " + task.name + " task"));
        }
}

}  // namespace
}  // namespace attnpaths
