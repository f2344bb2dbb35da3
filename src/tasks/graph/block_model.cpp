#include "tasks/graph/block_model.hpp"

#include "base/random_stream.hpp"

#include <algorithm>
#include <cmath>

namespace attnpaths {

namespace {

double class_of(Index node) {
    return node % 2 == 0 ? 1 : -1;
}

Vector direction(const BlockModel& model, std::uint64_t seed) {
    RandomStream stream(seed, "graph/direction", 0);
    Vector u(model.features);
    for (double& value : u) value = stream.normal();
    return u / u.norm();
}

/// Appends the edges from a node to later ones of every second place, each with a probability: jumps from one
/// edge to the next are geometric, so that pairs without an edge cost nothing.
void draw_edges(Index node, Index first, Index nodes, double probability, RandomStream& stream,
                std::vector<std::pair<Index, Index>>& edges) {
    if (probability <= 0) return;
    const double per_jump = probability < 1 ? 1 / std::log1p(-probability) : 0;
    for (Index other = first; other < nodes; other += 2) {
        const double jump = std::floor(std::log(stream.uniform()) * per_jump);
        if (jump >= static_cast<double>(nodes)) return;
        other += 2 * static_cast<Index>(jump);
        if (other < nodes) edges.emplace_back(node, other);
    }
}

}  // namespace

double BlockModel::edge_probability_within() const {
    return mean_degree * homophily / (static_cast<double>(nodes) / 2 - 1);
}

double BlockModel::edge_probability_between() const {
    return mean_degree * (1 - homophily) / (static_cast<double>(nodes) / 2);
}

Graph draw_graph(const BlockModel& model, std::uint64_t seed) {
    std::vector<std::pair<Index, Index>> edges;
    Graph graph;
    graph.features.resize(model.features, model.nodes);
    graph.y.resize(model.nodes, 1);
    const Vector u = direction(model, seed);
    for (Index node = 0; node < model.nodes; ++node) {
        graph.y(node, 0) = class_of(node);
        RandomStream noise(seed, "graph/features", static_cast<std::uint64_t>(node));
        for (Index i = 0; i < model.features; ++i)
            graph.features(i, node) = model.signal * class_of(node) * u(i) + noise.normal();
        RandomStream stream(seed, "graph/edges", static_cast<std::uint64_t>(node));
        draw_edges(node, node + 2, model.nodes, model.edge_probability_within(), stream, edges);
        draw_edges(node, node + 1, model.nodes, model.edge_probability_between(), stream, edges);
    }
    set_edges(graph, model.nodes, edges);
    return graph;
}

double posterior_accuracy(const BlockModel& model, const Graph& graph, const std::vector<Index>& nodes,
                          std::uint64_t seed) {
    // Probabilities of 0 and 1 are moved so little that they stay beyond all doubt.
    constexpr double smallest = 1e-12;
    const double within = std::clamp(model.edge_probability_within(), smallest, 1 - smallest);
    const double between = std::clamp(model.edge_probability_between(), smallest, 1 - smallest);
    const double edge = std::log(within / between);
    const double no_edge = std::log1p(-within) - std::log1p(-between);
    const Vector u = direction(model, seed);
    Index right = 0;
    for (const Index node : nodes) {
        double balance = 0;  // of the neighbours' classes
        for (const Index other : graph.neighbours[static_cast<std::size_t>(node)]) balance += class_of(other);
        const double balance_of_others = -class_of(node) - balance;
        const double log_odds =
            2 * model.signal * u.dot(graph.features.col(node)) + edge * balance + no_edge * balance_of_others;
        if (log_odds * class_of(node) > 0) ++right;
    }
    return static_cast<double>(right) / static_cast<double>(nodes.size());
}

}  // namespace attnpaths
