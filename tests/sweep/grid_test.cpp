#include "sweep/grid.hpp"

#include "base/error.hpp"
#include "sweep/small_sweep.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace attnpaths {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;
using testing::ThrowsMessage;
using testing::UnorderedElementsAre;

using Heads = std::vector<Index>;

std::set<Heads> heads_in(const std::vector<GridPoint>& points) {
    std::set<Heads> heads;
    for (const GridPoint& point : points) heads.insert(point.architecture.heads);
    return heads;
}

TEST(Grid, IsTheProductOfItsLists) {
    const std::vector<GridPoint> points = small_grid({{"grid.width", "10 30 100"},
                                                      {"grid.examples", "20 40"},
                                                      {"grid.heads", "2 3"},
                                                      {"grid.depth", "1 2"},
                                                      {"grid.temperature", "0.01 0.1"},
                                                      {"grid.seed", "1 2"}});
    EXPECT_EQ(points.size(), 3U * 2 * 2 * 2 * 2 * 2);
    const std::multiset<std::string> keys = keys_of(points);
    EXPECT_EQ(std::set<std::string>(keys.begin(), keys.end()).size(), points.size());
    EXPECT_THAT(heads_in(points), UnorderedElementsAre(Heads{2}, Heads{3}, Heads{2, 2}, Heads{3, 3}));
}

TEST(Grid, HoldsEqualPointsOnce) {
    EXPECT_EQ(small_grid({{"grid.width", "30 30:30:30 30.0 3e1"},
                          {"grid.temperature", "0.01 1e-2"},
                          {"grid.heads", "2 2:2"}})
                  .size(),
              1U);
}

TEST(Grid, NeighboursShareKernels) {
    const std::vector<GridPoint> points = small_grid({{"grid.width", "10 30"},
                                                      {"grid.examples", "20 40"},
                                                      {"grid.temperature", "0.01 0.1"},
                                                      {"grid.seed", "1 2"}});
    int changes = 0;
    for (std::size_t i = 1; i < points.size(); ++i)
        changes +=
            points[i].seed != points[i - 1].seed || points[i].examples != points[i - 1].examples ? 1 : 0;
    EXPECT_EQ(changes, 2 * 2 - 1);
}

TEST(GridWidth, IsOneForAllOrOnePerLayerAndReadout) {
    const auto widths = [](const std::string& text, const std::string& depth) {
        const Architecture architecture =
            small_grid({{"grid.width", text}, {"grid.depth", depth}}).at(0).architecture;
        std::vector<double> all = architecture.widths;
        all.push_back(architecture.readout_width);
        return all;
    };
    EXPECT_THAT(widths("30", "2"), ElementsAre(30, 30, 30));
    EXPECT_THAT(widths("20:50:30", "2"), ElementsAre(20, 50, 30));
    EXPECT_THAT(widths("1e6", "1"), ElementsAre(1e6, 1e6));
    EXPECT_THAT(widths("1e3:7", "1"), ElementsAre(1000, 7));
    EXPECT_THAT([&] { widths("20:50:30", "1"); },
                ThrowsMessage<UsageError>(AllOf(StartsWith("--grid.width: 20:50:30 gives 3 widths"),
                                                HasSubstr("depth 1 needs 2"))));
}

TEST(GridWidth, IsKeptExactlyUpToTheLargest) {
    const std::vector<GridPoint> points =
        small_grid({{"grid.width", "1e15 999999999999999 9007199254740991 9007199254740992"}});
    ASSERT_EQ(points.size(), 4U);
    EXPECT_EQ(points[3].architecture.readout_width, 0x1p53);
    EXPECT_EQ(points[2].architecture.readout_width, 0x1p53 - 1);
}

TEST(Grid, HasTheValuesOfRanges) {
    const std::vector<GridPoint> points = small_grid({{"grid.width", "10..30..10 20:50:30"},
                                                      {"grid.temperature", "0.01..1..log3"},
                                                      {"grid.seed", "1..4"},
                                                      {"grid.examples", "\"20 40\""}});
    EXPECT_EQ(points.size(), 4U * 3 * 4 * 2);
    EXPECT_EQ(points.front().temperature, 0.01);
    EXPECT_EQ(points.back().temperature, 1);
    EXPECT_EQ(keys_of(small_grid({{"grid.temperature", "0.1..0.3..0.1"}})),
              keys_of(small_grid({{"grid.temperature", "0.1 0.2 0.3"}})));
}

TEST(Grid, TooLargeToBeWrittenDownIsRefusedWithItsNumber) {
    const Texts large = {
        {"grid.width", "1..2000"}, {"grid.temperature", "1..2000"}, {"grid.seed", "1..2000"}};
    EXPECT_THAT([&] { small_grid(large); },
                ThrowsMessage<UsageError>(HasSubstr(
                    "the grid has 8000000000 points (2000 seeds x 1 head counts x 1 examples x 1 variances x "
                    "2000 temperatures x 2000 widths); at most 10000000")));
    const Texts beyond = {{"grid.width", "1..100000"},
                          {"grid.temperature", "1..100000"},
                          {"grid.seed", "1..100000"},
                          {"grid.examples", "2..200000..2"}};
    EXPECT_THAT([&] { small_grid(beyond); },
                ThrowsMessage<UsageError>(HasSubstr("the grid has more than 2^63 points")));
}

TEST(GridHeads, WithMorePathsThanCanBeAreRefusedWithTheirNumber) {
    const auto fails_with = [](const Texts& changes, const std::string& words) {
        EXPECT_THAT([&] { small_grid(changes); }, ThrowsMessage<UsageError>(HasSubstr(words))) << words;
    };
    fails_with({{"grid.depth", "20"}},
               "--grid.depth: heads 2:2:2:2:2:2:2:2:2:2:2:2:2:2:2:2:2:2:2:2 have 1048576 paths");
    fails_with({{"grid.depth", "62"}}, "have 4611686018427387904 paths");
    for (const char* depth : {"63", "64", "1000"})
        fails_with({{"grid.depth", depth}}, "have more than 2^63 paths");
    fails_with({{"grid.heads", "4294967296:4294967296"}},
               "--grid.heads: heads 4294967296:4294967296 have more than");
    EXPECT_EQ(small_grid({{"grid.heads", "1"}, {"grid.depth", "1000"}}).size(), 1U);
}

TEST(GridHeads, OneNumberMeansEveryLayer) {
    EXPECT_THAT(heads_in(small_grid()), UnorderedElementsAre(Heads{2, 2}));
    EXPECT_THAT(heads_in(small_grid({{"grid.heads", "3"}})), UnorderedElementsAre(Heads{3, 3}));
    EXPECT_THAT(heads_in(small_grid({{"grid.heads", "2"}, {"grid.depth", "1 3"}})),
                UnorderedElementsAre(Heads{2}, Heads{2, 2, 2}));
    EXPECT_THAT(heads_in(small_grid({{"grid.heads", "2:1"}})), UnorderedElementsAre(Heads{2, 1}));
    EXPECT_THAT(heads_in(small_grid({{"grid.heads", "2:1:2"}, {"grid.depth", "3"}})),
                UnorderedElementsAre(Heads{2, 1, 2}));
    // A neighbour that says more does not change what a word means.
    EXPECT_THAT(heads_in(small_grid({{"grid.heads", "2 2:1"}})),
                UnorderedElementsAre(Heads{2, 2}, Heads{2, 1}));
    EXPECT_THAT(heads_in(small_grid({{"grid.heads", "2 3:1"}, {"grid.depth", "1 2"}})),
                UnorderedElementsAre(Heads{2}, Heads{2, 2}, Heads{3, 1}));
}

TEST(GridHeads, MustAgreeWithTheDepthsGiven) {
    EXPECT_THAT(
        [] {
            small_grid({{"grid.heads", "2:1"}, {"grid.depth", "3"}});
        },
        ThrowsMessage<UsageError>(
            AllOf(StartsWith("--grid.heads: 2:1 gives 2 layers"), HasSubstr("grid.depth"))));
}

TEST(GridExamples, OfTheTaskWithTwoClassesAreEven) {
    EXPECT_EQ(small_grid().front().examples, 100);
    EXPECT_THAT(
        [] {
            small_grid({{"grid.examples", "20 41"}});
        },
        ThrowsMessage<UsageError>(StartsWith("--grid.examples: 41 is odd")));
}

TEST(GridVariances, AreOneForAllLayersOrOneEach) {
    const auto layers = [](const std::string& text) {
        return small_grid({{"theory.variance_layers", text}}).front().architecture.variances.layers;
    };
    EXPECT_THAT(layers("2"), ElementsAre(2, 2));
    EXPECT_THAT(layers("1:2"), ElementsAre(1, 2));
    EXPECT_THAT([&] { layers("1:2:3"); },
                ThrowsMessage<UsageError>(
                    StartsWith("--theory.variance_layers: gives 3 variances, depth 2 needs 2")));
}

/// An axis like others; points keep the keys that they have where the prior names their variance.
TEST(GridVariances, OfTheReadoutAreAnAxis) {
    const std::vector<GridPoint> points =
        small_grid({{"grid.variance_readout", "0.5 1 2"}, {"grid.temperature", "0.1 1"}});
    ASSERT_EQ(points.size(), 6U);
    std::set<std::string> keys;
    for (const GridPoint& point : points) keys.insert(point.key);
    EXPECT_EQ(keys.size(), 6U);
    for (const char* variance : {"0.5", "1", "2"})
        for (const GridPoint& point :
             small_grid({{"theory.variance_readout", variance}, {"grid.temperature", "0.1 1"}}))
            EXPECT_TRUE(keys.contains(point.key)) << point_text(point);
    EXPECT_THROW(small_grid({{"grid.variance_readout", "0"}}), UsageError);
}

TEST(GridSubNetworks, MustBePathsOfEveryNetwork) {
    EXPECT_EQ(small_grid({{"theory.sub_networks", "one=1.1 two=1.1,2.1"}}).size(), 1U);
    EXPECT_THAT(
        [] {
            small_grid({{"theory.sub_networks", "far=3.1"}});
        },
        ThrowsMessage<UsageError>(HasSubstr("--theory.sub_networks")));
    EXPECT_THAT(
        [] {
            small_grid({{"theory.sub_networks", "nonsense"}});
        },
        ThrowsMessage<UsageError>(HasSubstr("--theory.sub_networks")));
}

TEST(DatasetGrid, DefaultsToAllThatTheDataSetHas) {
    const Dataset dataset = small_dataset();
    const std::vector<GridPoint> points = dataset_grid(dataset);
    ASSERT_EQ(points.size(), 1U);
    EXPECT_THAT(points[0].architecture.heads, ElementsAre(2, 1));
    EXPECT_EQ(points[0].examples, 12);
    EXPECT_EQ(points[0].architecture.outputs, 1);
}

TEST(DatasetGrid, FewerHeadsAndLayersTakeTheFirstOnes) {
    const Dataset dataset = small_dataset();
    EXPECT_THAT(heads_in(dataset_grid(dataset, {{"grid.depth", "1 2"}})),
                UnorderedElementsAre(Heads{2}, Heads{2, 1}));
    EXPECT_THAT(heads_in(dataset_grid(dataset, {{"grid.heads", "1"}})), UnorderedElementsAre(Heads{1, 1}));
    EXPECT_THAT(heads_in(dataset_grid(dataset, {{"grid.heads", "1 2:1"}})),
                UnorderedElementsAre(Heads{1, 1}, Heads{2, 1}));
    EXPECT_THAT(heads_in(dataset_grid(dataset, {{"grid.heads", "2"}, {"grid.depth", "1"}})),
                UnorderedElementsAre(Heads{2}));
}

TEST(DatasetGrid, WhatTheDataSetLacksIsRefused) {
    const Dataset dataset = small_dataset();
    const auto fails = [&](const Texts& changes, const char* key, const char* words) {
        EXPECT_THAT(
            [&] { dataset_grid(dataset, changes); },
            ThrowsMessage<UsageError>(AllOf(HasSubstr(std::string("--grid.") + key), HasSubstr(words))))
            << words;
    };
    fails({{"grid.depth", "3"}}, "depth", "depth 3 is not in the data set, which has 2 layers");
    fails({{"grid.heads", "2"}}, "heads", "2 heads in layer 2 are not in the data set, which has 1 there");
    fails({{"grid.heads", "3:1"}}, "heads", "3 heads in layer 1");
    fails({{"grid.heads", "2:1:1"}}, "heads", "depth 3 is not in the data set");
    fails({{"grid.examples", "14"}}, "examples", "14");
    fails({{"grid.examples", "7"}}, "examples", "7");
}

TEST(DatasetGrid, GivenPathFeaturesServeTheirHeadsOnly) {
    Configuration configuration = read_configuration(dataset_settings(
        {{"task.file", ATTNPATHS_TEST_DATA "/markov-4paths-small.h5"}, {"grid.examples", "10 100"}}));
    configuration.task->load();
    const auto dataset = configuration.task->data({});
    EXPECT_THAT(heads_in(grid_points(configuration)), UnorderedElementsAre(Heads{2, 2}));
    EXPECT_THAT(
        [&] {
            dataset_grid(*dataset, {{"grid.heads", "2:1"}});
        },
        ThrowsMessage<UsageError>(AllOf(HasSubstr("--grid.heads"), HasSubstr("heads 2:2"))));
    EXPECT_THAT(
        [&] {
            dataset_grid(*dataset, {{"grid.depth", "1"}});
        },
        ThrowsMessage<UsageError>(AllOf(HasSubstr("--grid.depth"), HasSubstr("heads 2:2"))));
    EXPECT_THAT(
        [&] {
            dataset_grid(*dataset, {{"grid.examples", "1000"}});
        },
        ThrowsMessage<UsageError>(AllOf(HasSubstr("--grid.examples"), HasSubstr("1000"))));
}

}  // namespace
}  // namespace attnpaths
