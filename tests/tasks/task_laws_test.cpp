// Laws that hold for every task in the registry.
#include "base/error.hpp"
#include "datasets/balanced_subset.hpp"
#include "datasets/computed_maps.hpp"
#include "datasets/computed_tokens.hpp"
#include "datasets/dataset_file.hpp"
#include "network/path_features.hpp"
#include "support/temporary_folder.hpp"
#include "tasks/dataset_file/dataset_file_task.hpp"
#include "tasks/registry.hpp"
#include "tasks/small_task.hpp"
#include "tasks/solve_dataset.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace attnpaths {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
using testing::ThrowsMessage;

Matrix features_of(const Dataset& dataset, const ExampleSet& set) {
    return set.xi.size() > 0 ? set.xi
                             : path_features(set, dataset.layers, dataset.attention, dataset.readout);
}

/// The same examples in a network whose heads have the opposite order in every layer.
Dataset with_heads_reversed(const Dataset& dataset) {
    const std::vector<Index> heads = dataset.heads();
    Dataset reversed = dataset;
    for (std::vector<AttentionHead>& layer : reversed.layers) std::reverse(layer.begin(), layer.end());
    const auto reverse_set = [&](ExampleSet& set) {
        if (set.maps)
            set.maps = std::make_shared<const ComputedMaps>(
                heads, set.tokens,
                [maps = set.maps, heads, tokens = set.tokens](std::size_t layer, Index head, Index example,
                                                              Eigen::Ref<Matrix> attention) {
                    const std::vector<double> all = maps->read(layer, example, 1);
                    attention = Eigen::Map<const Matrix>(
                        all.data() + (heads[layer] - 1 - head) * tokens * tokens, tokens, tokens);
                });
        const Matrix xi = set.xi;
        const Index width = dataset.input_width;
        for (Index path = 0; xi.size() > 0 && path < path_count(heads); ++path)
            // Reversing every digit of a number of mixed radix reverses the order of the numbers.
            set.xi.middleCols(path * width, width) =
                xi.middleCols((path_count(heads) - 1 - path) * width, width);
    };
    reverse_set(reversed.train);
    for (ExampleSet& test : reversed.tests) reverse_set(test);
    return reversed;
}

class TaskLaw : public testing::TestWithParam<std::size_t> {
  protected:
    [[nodiscard]] const TaskDeclaration& declaration() const { return tasks().at(GetParam()); }
    /// Loaded.
    const Task& task() {
        if (task_ == nullptr) {
            task_ = make_task(declaration(), small_settings_of(declaration()));
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

/// Of tasks that make their data, where others read them.
class GeneratedTaskLaw : public TaskLaw {};

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
    const auto again = make_task(declaration(), small_settings_of(declaration()));
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
        EXPECT_TRUE(few->tests[i].xi == many->tests[i].xi);
        EXPECT_TRUE(few->tests[i].y == many->tests[i].y);
    }
}

TEST_P(TaskLaw, FewerExamplesAreTheFirstOfEachClassAndDoNotDependOnTheOthers) {
    const auto few = task().data({heads(), 1, 10});
    const auto many = task().data({heads(), 1, 20});
    const std::vector<Index> first_few = balanced_subset(few->train.y, 10, "few");
    const std::vector<Index> first = balanced_subset(many->train.y, 10, "many");
    EXPECT_TRUE(few->train.y(first_few, Eigen::all) == many->train.y(first, Eigen::all));
    EXPECT_TRUE(features_of(*few, few->train)(first_few, Eigen::all) ==
                features_of(*many, many->train)(first, Eigen::all));
}

/// Sequences are; path features that are given are held.
TEST_P(GeneratedTaskLaw, WhatIsTooLargeToHoldIsMadeWheneverItIsRead) {
    const auto few = task().data({heads(), 1, 10});
    if (!few->train.has_tokens()) return;
    Index many = 20;
    while (tokens_are_held(many, few->input_width, few->train.tokens)) many *= 2;
    const auto data = task().data({heads(), 1, many});
    ASSERT_NE(data->train.source, nullptr);
    EXPECT_EQ(data->train.x.size(), 0);
    EXPECT_EQ(data->train.examples(), many);
    const DataSize size = task().data_size(many);
    EXPECT_EQ(size.streamed_examples, static_cast<double>(many));
    EXPECT_LT(size.numbers - size.streamed_numbers, size.numbers / 4);
    std::vector<Index> first_few = balanced_subset(few->train.y, 10, "few");
    std::vector<Index> first = balanced_subset(data->train.y, 10, "many");
    std::sort(first_few.begin(), first_few.end());
    std::sort(first.begin(), first.end());
    for (std::size_t i = 0; i < first.size(); ++i)
        EXPECT_TRUE(TokenWindow(data->train, first[i], 1).of(first[i]) ==
                    TokenWindow(few->train, first_few[i], 1).of(first_few[i]));
    EXPECT_TRUE(path_features(data->train, data->layers, data->attention, data->readout, first) ==
                features_of(*few, few->train)(first_few, Eigen::all));
}

TEST_P(TaskLaw, OtherSeedsGiveOtherExamples) {
    const auto one = task().data({heads(), 1, 10});
    const auto two = task().data({heads(), 2, 10});
    EXPECT_EQ(one == two, declaration().explanation.empty());
    if (one != two) {
        EXPECT_FALSE(features_of(*one, one->train) == features_of(*two, two->train));
    }
}

TEST_P(GeneratedTaskLaw, ClassesHaveEquallyManyExamplesInAllSetsThatAreMade) {
    const auto data = task().data({heads(), 1, 10});
    for (const ExampleSet* set : {&data->train, &data->tests.front()}) {
        ASSERT_TRUE(labels_are_classes(set->y));
        EXPECT_EQ(largest_balanced_subset(set->y).examples, set->examples()) << set->name;
    }
}

TEST_P(TaskLaw, HeadsInAnotherOrderPermuteTheOrderParameter) {
    const auto data = task().data({heads(), 1, 10});
    const Matrix U = solve_dataset(*data, 20, 0.1).U;
    const Matrix reversed = solve_dataset(with_heads_reversed(*data), 20, 0.1).U;
    const Index outputs = data->outputs();
    Matrix expected(U.rows(), U.cols());
    const Index last = U.rows() / outputs - 1;
    for (Index i = 0; i < U.rows(); ++i)
        for (Index j = 0; j < U.cols(); ++j)
            expected(i, j) =
                U((last - i / outputs) * outputs + i % outputs, (last - j / outputs) * outputs + j % outputs);
    EXPECT_LT((reversed - expected).cwiseAbs().maxCoeff(), 1e-7 * U.cwiseAbs().maxCoeff());
}

TEST_P(TaskLaw, NamesOfHeadsAreThoseOfTheData) {
    const auto data = task().data({heads(), 1, 10});
    const HeadNames names = task().head_names(heads());
    for (std::size_t layer = 0; layer < data->layers.size(); ++layer)
        for (std::size_t head = 0; head < data->layers[layer].size(); ++head)
            EXPECT_EQ(data->layers[layer][head].name, names.empty() ? "" : names[layer][head]);
    EXPECT_TRUE(names.empty() || names.size() == data->layers.size());
}

TEST_P(TaskLaw, ReferencesAreForTestSetsAndFractions) {
    const auto data = task().data({heads(), 1, 10});
    for (const ReferenceAccuracy& reference : task().references({heads(), 1, 10})) {
        EXPECT_GE(reference.accuracy, 0);
        EXPECT_LE(reference.accuracy, 1);
        EXPECT_TRUE(std::any_of(data->tests.begin(), data->tests.end(),
                                [&](const ExampleSet& set) { return set.name == reference.set; }));
    }
}

TEST_P(GeneratedTaskLaw, ADataSetFileOfItGivesTheSamePathFeatures) {
    const TemporaryFolder folder;
    const std::string path = folder.file("task.h5");
    const auto data = task().data({heads(), 1, 10});
    write_dataset_file(*data, path);
    const Dataset read = read_dataset_file(path);
    EXPECT_TRUE(features_of(read, read.train) == features_of(*data, data->train));
    EXPECT_TRUE(features_of(read, read.tests.front()) == features_of(*data, data->tests.front()));
    EXPECT_TRUE(read.train.y == data->train.y);
    const HeadNames names = task_of(std::make_shared<const Dataset>(read), path)->head_names(heads());
    EXPECT_EQ(names, task().head_names(heads()));
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

/// Places of tasks in the registry; a rehearsal has no data.
std::vector<std::size_t> tasks_with_data(bool only_generated) {
    std::vector<std::size_t> places;
    for (std::size_t place = 0; place < tasks().size(); ++place) {
        const TaskDeclaration& task = tasks()[place];
        if (make_task(task, small_settings_of(task))->rehearsal() != nullptr) continue;
        if (!only_generated || !task.explanation.empty()) places.push_back(place);
    }
    return places;
}

std::string test_name(const testing::TestParamInfo<std::size_t>& place) {
    std::string name = tasks()[place.param].name;
    std::erase(name, '-');
    return name;
}

INSTANTIATE_TEST_SUITE_P(EveryTask, TaskLaw, testing::ValuesIn(tasks_with_data(false)), test_name);
INSTANTIATE_TEST_SUITE_P(EveryTask, GeneratedTaskLaw, testing::ValuesIn(tasks_with_data(true)), test_name);

}  // namespace
}  // namespace attnpaths
