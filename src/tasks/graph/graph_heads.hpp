#pragma once

#include "tasks/graph/graph.hpp"
#include "tasks/named_heads/named_heads.hpp"

#include <memory>
#include <string>
#include <vector>

namespace attnpaths {

/// The attention of one head over the nodes of a graph, [M, M], row = key, column = query, columns summing to
/// 1: known by what it does to features, so that it need not be held.
class GraphHead {
  public:
    GraphHead() = default;
    virtual ~GraphHead() = default;
    GraphHead(const GraphHead&) = delete;
    GraphHead& operator=(const GraphHead&) = delete;

    /// features times attention.
    /// @param features [any, M]
    /// @returns [any, M]
    [[nodiscard]] virtual Matrix apply(const Matrix& features) const = 0;
};

/// What heads of a graph are told beside it.
struct GraphHeadSettings {
    Index eigenvectors = 16;  ///< of the Laplacian, for `spectral`
    std::uint64_t seed = 1;
    std::vector<Index> labelled = {};  ///< nodes whose outputs `cross-covariance-outputs` may know
};

/// Whether there are heads of a kind.
bool is_graph_head(const std::string& kind);

/// Makes a head:
///  - self: the node itself
///  - neighbours: uniform over the neighbours
///  - distance-K: uniform over the nodes whose shortest path to the node has K edges
///  - content: softmax of x_s' x_t / sqrt(N0) over the node and its neighbours
///  - spectral: softmax of M sum_k v_k(s) v_k(t) over all nodes, v_k the eigenvectors of the normalised
///    Laplacian with the smallest eigenvalues, the very smallest left out: a positional encoding
///  - global: uniform over all nodes
///  - cross-covariance: |covariance| of the features of s and t, over the features, each centred over nodes
///  - cross-covariance-outputs: what is positive of sum_d (c_d' x_s) (c_d' x_t), features centred, with c_d
///    the covariance of features and output d over the labelled nodes: nodes that it tells to be alike. The
///    sign matters, as with |.| all nodes would attend to the same ones.
///  - random: as many nodes as the node has neighbours, drawn for every node and head
///
/// Nodes that have nobody to attend to attend to themselves. Heads of neighbours and distances, content and
/// random hold what is not 0; the others make their columns a block at a time.
/// @param layer  counted from 0, which names the numbers of random heads
/// @throws UsageError if a graph is too large for `spectral`
std::unique_ptr<GraphHead> make_graph_head(const Graph& graph, const NamedHead& head, std::size_t layer,
                                           const GraphHeadSettings& settings);

/// Path features of all nodes, read out at themselves: columns of X A_1 A_2 ... A_L for every path.
/// @returns [M, N0 * n], h_1 slowest
Matrix graph_path_features(const Graph& graph, const NamedLayers& layers, const GraphHeadSettings& settings);

}  // namespace attnpaths
