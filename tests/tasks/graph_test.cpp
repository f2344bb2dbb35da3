#include "base/error.hpp"
#include "h5/file.hpp"
#include "support/temporary_folder.hpp"
#include "tasks/graph/block_model.hpp"
#include "tasks/graph/graph_files.hpp"
#include "tasks/registry.hpp"
#include "tasks/solve_dataset.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

namespace attnpaths {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

const std::string club = ATTNPATHS_TEST_DATA "/karate-club/";

std::shared_ptr<Task> graph_task_with(const std::map<std::string, std::string>& values) {
    Settings settings;
    settings.set("task.name", {"graph", "command line"});
    for (const auto& [key, value] : values) settings.set("task." + key, {value, "command line"});
    settings.fill_defaults(task_settings());
    const std::shared_ptr<Task> task = make_task(named_task(settings), settings);
    task->load();
    return task;
}

TEST(BlockModel, HasItsDegreesHomophilyAndSignal) {
    const BlockModel model{4000, 10, 0.7, 20, 2};
    const Graph graph = draw_graph(model, 1);
    double ends = 0;
    double within = 0;
    for (Index node = 0; node < model.nodes; ++node)
        for (const Index other : graph.neighbours[static_cast<std::size_t>(node)]) {
            ++ends;
            if (graph.y(node, 0) == graph.y(other, 0)) ++within;
        }
    // Twice the number of edges, which is Poisson.
    EXPECT_NEAR(ends, 40000, 5 * 2 * std::sqrt(20000.0));
    EXPECT_NEAR(within / ends, 0.7, 5 * std::sqrt(0.21 / 20000));
    const Vector mean = graph.features * graph.y / 4000;
    EXPECT_NEAR(mean.squaredNorm(), 4 + 20.0 / 4000, 5 * 4 / std::sqrt(4000.0));
    EXPECT_EQ(graph.y.sum(), 0);
}

TEST(BlockModel, ThePosteriorKnowsTheFeaturesAndTheNeighbours) {
    std::vector<Index> all;
    for (Index node = 0; node < 4000; ++node) all.push_back(node);
    const auto accuracy = [&](const BlockModel& model) {
        return posterior_accuracy(model, draw_graph(model, 1), all, 1);
    };
    // Features alone: the normal law at the signal; edges that say nothing do not change it.
    const double features_alone = 0.5 * std::erfc(-1 / std::sqrt(2.0));
    EXPECT_NEAR(accuracy({4000, 0, 0.8, 10, 1}), features_alone, 4 * std::sqrt(0.25 / 4000));
    EXPECT_NEAR(accuracy({4000, 10, 0.5, 10, 1}), features_alone, 4 * std::sqrt(0.25 / 4000));
    EXPECT_GT(accuracy({4000, 10, 0.8, 10, 1}), 0.98);
    EXPECT_NEAR(accuracy({4000, 10, 0.2, 10, 1}), accuracy({4000, 10, 0.8, 10, 1}), 0.01);
    EXPECT_EQ(accuracy({4000, 10, 1, 10, 0.1}), 1);
}

TEST(Graph, TheKarateClubIsReadAndItsSplitFound) {
    const Graph graph = read_graph(club + "edges.txt", "", club + "labels.txt");
    EXPECT_EQ(graph.nodes(), 34);
    std::size_t ends = 0;
    for (const std::vector<Index>& list : graph.neighbours) ends += list.size();
    EXPECT_EQ(ends, 2 * 78);
    EXPECT_EQ(graph.neighbours[33].size(), 17);
    EXPECT_EQ(graph.y.sum(), 0);
    EXPECT_EQ(graph.class_names, (std::vector<std::string>{"instructor", "officer"}));

    const auto task = graph_task_with({{"edges", club + "edges.txt"},
                                       {"labels", club + "labels.txt"},
                                       {"labelled_nodes", "16"},
                                       {"layers", "self neighbours | neighbours distance-2"}});
    double sum = 0;
    for (std::int64_t seed = 1; seed <= 4; ++seed)
        sum += solve_dataset(*task->data({{2, 2}, seed, 16}), 30, 0.1).accuracy;
    EXPECT_GT(sum / 4, 0.85);
}

TEST(Graph, FilesOfBothKindsGiveTheSameGraph) {
    const TemporaryFolder folder;
    const Graph text = read_graph(club + "edges.txt", "", club + "labels.txt");
    h5::Array<double> edges{{0, 2}, {}};
    for (Index node = 0; node < text.nodes(); ++node)
        for (const Index other : text.neighbours[static_cast<std::size_t>(node)])
            if (other > node) {
                edges.values.insert(edges.values.end(),
                                    {static_cast<double>(node), static_cast<double>(other)});
                ++edges.shape[0];
            }
    h5::Array<double> features{{34, 34}, std::vector<double>(34 * 34, 0)};
    std::vector<std::string> labels;
    for (Index node = 0; node < 34; ++node) {
        features.values[static_cast<std::size_t>(35 * node)] = 1;
        labels.emplace_back(text.y(node, 0) < 0 ? "instructor" : "officer");
    }
    {
        h5::File file = h5::File::create(folder.file("graph.h5"));
        file.write("/edges", edges);
        file.write("/features", features);
        file.write_strings("/labels", labels);
    }
    const std::string path = folder.file("graph.h5");
    const Graph read = read_graph(path, path, path);
    EXPECT_EQ(read.neighbours, text.neighbours);
    EXPECT_TRUE(read.features == text.features);
    EXPECT_TRUE(read.y == text.y);
}

TEST(Graph, WrongFilesAreRefusedAtTheirLine) {
    const TemporaryFolder folder;
    const auto file = [&](const std::string& name, const std::string& content) {
        std::ofstream(folder.file(name)) << content;
        return folder.file(name);
    };
    const std::string labels = file("labels", "# two\n1\n-1\n");
    const auto refused = [&](const std::string& edges, const std::string& features,
                             const std::string& words) {
        EXPECT_THAT([&] { read_graph(file("edges", edges), features, labels); },
                    ThrowsMessage<DataError>(HasSubstr(words)));
    };
    refused("0 1\n0 x\n", "", "edges:2: \"x\" is not a finite number");
    refused("0 1\n\n0 1 2\n", "", "edges:3: has 3 numbers, the first line has 2");
    refused("0 2\n", "", "edge 0 (counted from 0) has the node 2");
    refused("0 1\n", file("features", "1 2\n"), "has features of 1 nodes");
    refused("# nothing\n", "", "holds no numbers");
}

TEST(Graph, TheRelationThatCarriesTheLabelIsFound) {
    const auto task = graph_task_with({{"nodes", "400"}, {"labelled_nodes", "80"}, {"node_features", "20"}});
    for (std::int64_t seed = 1; seed <= 3; ++seed) {
        const Index largest = solve_dataset(*task->data({{3, 3}, seed, 80}), 10, 0.1).largest_path(1);
        // distance-2 in layer 2, of self, neighbours, random | self, distance-2, spectral; what comes before
        // it is a close race.
        EXPECT_EQ(largest % 3, 1) << seed;
    }
}

TEST(Graph, SplitsThatCannotBeAreRefused) {
    EXPECT_THAT(
        [] {
            graph_task_with({{"nodes", "100"}, {"labelled_nodes", "100"}});
        },
        ThrowsMessage<UsageError>(HasSubstr("leaves none of 100 nodes for the test set")));
    EXPECT_THAT(
        [] {
            graph_task_with(
                {{"edges", club + "edges.txt"}, {"labels", club + "labels.txt"}, {"labelled_nodes", "40"}});
        },
        ThrowsMessage<UsageError>(HasSubstr("needs 20 nodes of each class")));
    EXPECT_THAT(
        [] {
            graph_task_with({{"edges", club + "edges.txt"}});
        },
        ThrowsMessage<UsageError>(HasSubstr("needs both task.edges and task.labels")));
}

}  // namespace
}  // namespace attnpaths
