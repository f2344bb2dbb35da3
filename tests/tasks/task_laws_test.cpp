// Laws that hold for every task in the registry.
#include "base/error.hpp"
#include "datasets/dataset_file.hpp"
#include "tasks/registry.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <tuple>

namespace attnpaths {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
using testing::ThrowsMessage;

/// Settings that name a task and leave it its defaults, but small; files are the data set of the tests.
Settings settings_of(const TaskDeclaration& task) {
    Settings settings;
    settings.set("task.name", {task.name, "command line"});
    const std::map<std::string, std::string> small = {
        {"task.feature_width", "6"}, {"task.tokens", "4"}, {"task.test_examples", "10"}};
    for (const SettingKey& key : task.settings) {
        if (key.kind == SettingKind::file)
            settings.set(key.name, {ATTNPATHS_TEST_DATA "/markov-4paths-small.h5", "command line"});
        if (small.contains(key.name)) settings.set(key.name, {small.at(key.name), "command line"});
    }
    settings.fill_defaults(task_settings());
    return settings;
}

class TaskLaw : public testing::TestWithParam<std::size_t> {
  protected:
    void SetUp() override {
        if (task().rehearsal() != nullptr) GTEST_SKIP() << "a rehearsal has no data";
    }

    [[nodiscard]] const TaskDeclaration& declaration() const { return tasks().at(GetParam()); }
    /// Loaded.
    const Task& task() {
        if (task_ == nullptr) {
            task_ = make_task(declaration(), settings_of(declaration()));
            task_->load();
        }
        return *task_;
    }
    [[nodiscard]] std::vector<Index> heads() {
        const std::vector<Index> given = task().given_heads().counts;
        return given.empty() ? std::vector<Index>{2, 1} : given;
    }

  private:
    std::shared_ptr<Task> task_;
};

TEST_P(TaskLaw, DataAreWholeAndOfTheSizesThatAreSaid) {
    const auto data = task().data({heads(), 1, 10});
    EXPECT_NO_THROW(check_dataset(*data, "data"));
    EXPECT_EQ(data->input_width, task().input_width());
    EXPECT_EQ(data->outputs(), task().outputs());
    EXPECT_GE(data->train.examples(), 10);
    EXPECT_EQ(data->heads(), heads());
    EXPECT_EQ(data->tests.front().name, "test");
    const DataSize size = task().data_size(data->train.examples());
    double examples = static_cast<double>(data->train.examples());
    double numbers = static_cast<double>(data->train.x.size() + data->train.xi.size());
    for (const ExampleSet& set : data->tests) {
        examples += static_cast<double>(set.examples());
        numbers += static_cast<double>(set.x.size() + set.xi.size());
    }
    EXPECT_EQ(size.examples, examples);
    EXPECT_EQ(size.numbers, numbers);
}

TEST_P(TaskLaw, EqualRequestsGiveEqualData) {
    const auto again = make_task(declaration(), settings_of(declaration()));
    again->load();
    EXPECT_EQ(content_hash(*task().data({heads(), 3, 10})), content_hash(*again->data({heads(), 3, 10})));
    EXPECT_EQ(task().content(), again->content());
    EXPECT_NE(task().content(), "");
}

TEST_P(TaskLaw, TestSetsDoNotDependOnHowManyTrainingExamplesAreAskedFor) {
    const auto few = task().data({heads(), 1, 10});
    const auto many = task().data({heads(), 1, 20});
    ASSERT_EQ(few->tests.size(), many->tests.size());
    for (std::size_t i = 0; i < few->tests.size(); ++i) {
        EXPECT_TRUE(few->tests[i].x == many->tests[i].x);
        EXPECT_TRUE(few->tests[i].y == many->tests[i].y);
    }
}

TEST_P(TaskLaw, NumbersOfExamplesThatCannotBeAreRefusedAtTheirPlace) {
    EXPECT_NO_THROW(task().check_examples(10, "--grid.examples"));
    EXPECT_NO_THROW(task().check_examples(task().default_examples(), "--grid.examples"));
    EXPECT_THAT([&] { task().check_examples(1000001, "--grid.examples"); },
                ThrowsMessage<UsageError>(StartsWith("--grid.examples: ")));
}

TEST_P(TaskLaw, SubNetworksItIsKnownForAreThoseOfItsHeads) {
    for (const std::vector<Index>& some : {std::vector<Index>{1}, {2}, {2, 2}, {3, 1, 2}})
        for (const std::string& network : task().known_sub_networks(some))
            EXPECT_THAT(network, HasSubstr("="));
}

INSTANTIATE_TEST_SUITE_P(EveryTask, TaskLaw, testing::Range<std::size_t>(0, tasks().size()),
                         [](const auto& index) {
                             std::string name = tasks()[index.param].name;
                             std::erase(name, '-');
                             return name;
                         });

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
        EXPECT_NO_THROW(settings_of(task).check(task.settings)) << task.name;
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
            Settings mixed = settings_of(task);
            const std::string key = other.settings.front().name;
            mixed.set(key, {"1", "command line"});
            EXPECT_THAT(
                [&] { std::ignore = make_task(task, mixed); },
                ThrowsMessage<UsageError>("--" + key + ": is not a key of the " + task.name + " task"));
        }
}

}  // namespace
}  // namespace attnpaths
