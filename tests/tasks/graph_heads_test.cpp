#include "tasks/graph/graph_heads.hpp"

#include "network/path_features.hpp"
#include "tasks/graph/block_model.hpp"

#include <gtest/gtest.h>

#include <numeric>

namespace attnpaths {
namespace {

const std::vector<std::string> all_kinds = {
    "self",     "neighbours", "distance-2",       "content",
    "spectral", "global",     "cross-covariance", "cross-covariance-outputs",
    "random"};

NamedLayers all_heads() {
    NamedLayers layers(2);
    for (std::vector<NamedHead>& layer : layers)
        for (const std::string& kind : all_kinds) layer.push_back({kind, 1});
    return layers;
}

/// Settings that know the outputs of some nodes.
const GraphHeadSettings settings = {16, 1, {3, 4, 41, 42, 70, 79}};

BlockModel small_model() {
    return {80, 5, 0.8, 7, 1};
}

TEST(GraphHeads, AttendInAll) {
    const Graph graph = draw_graph(small_model(), 1);
    for (const std::string& kind : all_kinds) {
        ASSERT_TRUE(is_graph_head(kind)) << kind;
        const Matrix attention = make_graph_head(graph, {kind, 1}, 0, settings)
                                     ->apply(Matrix::Identity(graph.nodes(), graph.nodes()));
        EXPECT_GE(attention.minCoeff(), 0) << kind;
        EXPECT_LT((attention.colwise().sum().array() - 1).abs().maxCoeff(), 1e-12) << kind;
    }
    for (const char* unknown : {"distance-0", "distance-", "distance-x", "near"})
        EXPECT_FALSE(is_graph_head(unknown)) << unknown;
}

TEST(GraphHeads, OnACircleAttendWhereTheyShould) {
    constexpr Index nodes = 8;
    Graph graph;
    std::vector<std::pair<Index, Index>> edges;
    for (Index node = 0; node < nodes; ++node) edges.emplace_back(node, (node + 1) % nodes);
    set_edges(graph, nodes, edges);
    graph.features = Matrix::Identity(nodes, nodes);
    for (Index distance = 0; distance <= 4; ++distance) {
        const std::string kind = distance == 0 ? "self" : "distance-" + std::to_string(distance);
        const Matrix attention = make_graph_head(graph, {kind, 1}, 0, {})->apply(graph.features);
        for (Index query = 0; query < nodes; ++query)
            for (Index key = 0; key < nodes; ++key) {
                const Index around = std::abs(query - key);
                const bool is_there = std::min(around, nodes - around) == distance;
                EXPECT_EQ(attention(key, query), is_there ? (distance % 4 == 0 ? 1 : 0.5) : 0);
            }
    }
    // Nobody is at distance 5: nodes attend to themselves.
    EXPECT_TRUE(make_graph_head(graph, {"distance-5", 1}, 0, {})->apply(graph.features) == graph.features);
}

/// One feature that is the class: nodes attend to their own class, by the strength of the feature.
TEST(GraphHeads, CovarianceWithOutputsTellsNodesAlike) {
    Graph graph;
    set_edges(graph, 4, {});
    graph.features = (Matrix(1, 4) << 1, 3, -1, -3).finished();
    graph.y = (Matrix(4, 1) << 1, 1, -1, -1).finished();
    const Matrix attention = make_graph_head(graph, {"cross-covariance-outputs", 1}, 0, {16, 1, {0, 2}})
                                 ->apply(Matrix::Identity(4, 4));
    const Matrix expected =
        (Matrix(4, 4) << 0.25, 0.25, 0, 0, 0.75, 0.75, 0, 0, 0, 0, 0.25, 0.25, 0, 0, 0.75, 0.75).finished();
    EXPECT_LT((attention - expected).cwiseAbs().maxCoeff(), 1e-12);
}

TEST(GraphHeads, PathFeaturesAreThoseOfTokens) {
    const Graph graph = draw_graph(small_model(), 2);
    const Index nodes = graph.nodes();
    const NamedLayers layers = all_heads();
    // A node's example has all nodes as tokens and is read out at itself.
    TokenSequences tokens{graph.features.replicate(1, nodes), nodes};
    tokens.readout.resize(static_cast<std::size_t>(nodes));
    std::iota(tokens.readout.begin(), tokens.readout.end(), Index{0});
    HeadLayers heads = empty_heads(layers);
    for (std::size_t layer = 0; layer < layers.size(); ++layer)
        for (std::size_t head = 0; head < layers[layer].size(); ++head)
            heads[layer][head].attention = make_graph_head(graph, layers[layer][head], layer, settings)
                                               ->apply(Matrix::Identity(nodes, nodes));
    const Matrix expected = path_features(tokens, heads, AttentionKind::softmax, Readout::index);
    EXPECT_LT((graph_path_features(graph, layers, settings) - expected).cwiseAbs().maxCoeff(), 1e-12);
}

TEST(GraphHeads, FeaturesOfANodeDoNotDependOnTheOrderOfNodes) {
    const Graph graph = draw_graph(small_model(), 3);
    const Index nodes = graph.nodes();
    std::vector<Index> place(static_cast<std::size_t>(nodes));  // of every node in the other order
    for (Index node = 0; node < nodes; ++node)
        place[static_cast<std::size_t>(node)] = (node * 37 + 11) % nodes;
    Graph other;
    other.features.resize(graph.features.rows(), nodes);
    other.y.resize(nodes, graph.y.cols());
    std::vector<std::pair<Index, Index>> edges;
    for (Index node = 0; node < nodes; ++node) {
        const auto n = static_cast<std::size_t>(node);
        other.features.col(place[n]) = graph.features.col(node);
        other.y.row(place[n]) = graph.y.row(node);
        for (const Index neighbour : graph.neighbours[n])
            edges.emplace_back(place[n], place[static_cast<std::size_t>(neighbour)]);
    }
    set_edges(other, nodes, edges);
    // Random heads are of the nodes' numbers.
    NamedLayers layers = all_heads();
    for (std::vector<NamedHead>& layer : layers) layer.pop_back();
    GraphHeadSettings others = settings;
    for (Index& node : others.labelled) node = place[static_cast<std::size_t>(node)];
    const Matrix expected = graph_path_features(graph, layers, settings);
    const Matrix found = graph_path_features(other, layers, others);
    EXPECT_LT((found(place, Eigen::all) - expected).cwiseAbs().maxCoeff(), 1e-10);
}

}  // namespace
}  // namespace attnpaths
