#include "tasks/graph/graph_heads.hpp"

#include "base/random_stream.hpp"
#include "base/text.hpp"
#include "tasks/graph/scored_graph_head.hpp"

#include <Eigen/SparseCore>
#include <fmt/format.h>

#include <cmath>
#include <utility>

namespace attnpaths {

namespace {

using SparseMatrix = Eigen::SparseMatrix<double>;

/// Attention of which most is 0.
class SparseGraphHead : public GraphHead {
  public:
    explicit SparseGraphHead(SparseMatrix attention) : attention_(std::move(attention)) {}
    [[nodiscard]] Matrix apply(const Matrix& features) const override { return features * attention_; }

  private:
    SparseMatrix attention_;
};

class UniformGraphHead : public GraphHead {
  public:
    [[nodiscard]] Matrix apply(const Matrix& features) const override {
        return features.rowwise().mean().replicate(1, features.cols());
    }
};

/// K of "distance-K"; 0 if a head is none.
Index distance_of(const std::string& kind) {
    constexpr std::string_view prefix = "distance-";
    std::int64_t distance = 0;
    const bool is_distance = kind.starts_with(prefix) && parse_integer(kind.substr(prefix.size()), distance);
    return is_distance && distance > 0 ? distance : 0;
}

/// Makes a sparse head of a function that gives the keys of a query and their weights, in any order.
template <class KeysOf>
std::unique_ptr<GraphHead> sparse_head(const Graph& graph, const KeysOf& keys_of) {
    const Index nodes = graph.nodes();
    std::vector<Eigen::Triplet<double>> entries;
    for (Index query = 0; query < nodes; ++query) {
        std::vector<std::pair<Index, double>> keys = keys_of(query);
        if (keys.empty()) keys.emplace_back(query, 1);
        double sum = 0;
        for (const auto& [key, weight] : keys) sum += weight;
        for (const auto& [key, weight] : keys)
            entries.emplace_back(static_cast<int>(key), static_cast<int>(query), weight / sum);
    }
    SparseMatrix attention(nodes, nodes);
    attention.setFromTriplets(entries.begin(), entries.end());
    return std::make_unique<SparseGraphHead>(std::move(attention));
}

/// Nodes at exactly a distance from others, found from one node after the other.
class NodesAtDistance {
  public:
    NodesAtDistance(const Graph& graph, Index distance)
        : graph_(graph), distance_(distance), seen_from_(static_cast<std::size_t>(graph.nodes()), -1) {}

    std::vector<Index> from(Index node) {
        std::vector<Index> ring{node};
        seen_from_[static_cast<std::size_t>(node)] = node;
        for (Index step = 0; step < distance_; ++step) {
            std::vector<Index> next;
            for (const Index inner : ring)
                for (const Index outer : graph_.neighbours[static_cast<std::size_t>(inner)]) {
                    Index& seen = seen_from_[static_cast<std::size_t>(outer)];
                    if (seen == node) continue;
                    seen = node;
                    next.push_back(outer);
                }
            ring = std::move(next);
        }
        return ring;
    }

  private:
    const Graph& graph_;
    Index distance_;
    std::vector<Index> seen_from_;  // the last node from which a node was reached
};

std::unique_ptr<GraphHead> distance_head(const Graph& graph, Index distance) {
    NodesAtDistance ring(graph, distance);
    return sparse_head(graph, [&](Index query) {
        std::vector<std::pair<Index, double>> keys;
        for (const Index key : ring.from(query)) keys.emplace_back(key, 1);
        return keys;
    });
}

std::unique_ptr<GraphHead> content_head(const Graph& graph) {
    const double scale = 1 / std::sqrt(static_cast<double>(graph.features.rows()));
    return sparse_head(graph, [&](Index query) {
        std::vector<std::pair<Index, double>> keys{{query, 0}};
        for (const Index key : graph.neighbours[static_cast<std::size_t>(query)]) keys.emplace_back(key, 0);
        double largest = -INFINITY;
        for (auto& [key, score] : keys) {
            score = scale * graph.features.col(key).dot(graph.features.col(query));
            largest = std::max(largest, score);
        }
        for (auto& [key, score] : keys) score = std::exp(score - largest);
        return keys;
    });
}

std::unique_ptr<GraphHead> random_relation_head(const Graph& graph, std::size_t layer, Index number,
                                                std::uint64_t seed) {
    const auto nodes = static_cast<double>(graph.nodes());
    return sparse_head(graph, [&](Index query) {
        // A stream for every node of every head.
        const std::string purpose = fmt::format("graph/random head {}.{}", layer, number);
        RandomStream stream(seed, purpose, static_cast<std::uint64_t>(query));
        std::vector<std::pair<Index, double>> keys;
        for (std::size_t i = 0; i < graph.neighbours[static_cast<std::size_t>(query)].size(); ++i)
            keys.emplace_back(static_cast<Index>(stream.uniform() * nodes), 1);
        return keys;
    });
}

}  // namespace

bool is_graph_head(const std::string& kind) {
    for (const char* known : {"self", "neighbours", "content", "spectral", "global", "cross-covariance",
                              "cross-covariance-outputs", "random"})
        if (kind == known) return true;
    return distance_of(kind) > 0;
}

std::unique_ptr<GraphHead> make_graph_head(const Graph& graph, const NamedHead& head, std::size_t layer,
                                           const GraphHeadSettings& settings) {
    if (head.kind == "self") return distance_head(graph, 0);
    if (head.kind == "neighbours") return distance_head(graph, 1);
    if (const Index distance = distance_of(head.kind); distance > 0) return distance_head(graph, distance);
    if (head.kind == "content") return content_head(graph);
    if (head.kind == "global") return std::make_unique<UniformGraphHead>();
    if (head.kind == "spectral") return spectral_head(graph, settings.eigenvectors);
    if (head.kind == "cross-covariance") return cross_covariance_head(graph);
    if (head.kind == "cross-covariance-outputs") return output_covariance_head(graph, settings.labelled);
    return random_relation_head(graph, layer, head.number, settings.seed);
}

Matrix graph_path_features(const Graph& graph, const NamedLayers& layers, const GraphHeadSettings& settings) {
    const Index width = graph.features.rows();
    // Features after the layers so far, the N0 rows of a partial path below those of the one before.
    Matrix partial = graph.features;
    for (std::size_t layer = 0; layer < layers.size(); ++layer) {
        const Index heads = std::ssize(layers[layer]);
        const Index paths = partial.rows() / width;
        Matrix next(partial.rows() * heads, partial.cols());
        for (Index head = 0; head < heads; ++head) {
            const NamedHead& named = layers[layer][static_cast<std::size_t>(head)];
            const Matrix attended = make_graph_head(graph, named, layer, settings)->apply(partial);
            for (Index path = 0; path < paths; ++path)
                next.middleRows((path * heads + head) * width, width) =
                    attended.middleRows(path * width, width);
        }
        partial = std::move(next);
    }
    return partial.transpose();
}

}  // namespace attnpaths
