#pragma once

#include "network/architecture.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace attnpaths {

/// An undirected graph whose nodes are classified: one for all examples, an example is a node.
struct Graph {
    std::vector<std::vector<Index>> neighbours;  ///< of every node, ascending, without itself
    Matrix features;                             ///< [N0, M]
    Matrix y;                                    ///< targets [M, D]: -1 and +1, or one-hot
    std::vector<std::string> class_names{};

    [[nodiscard]] Index nodes() const { return std::ssize(neighbours); }
};

/// Puts edges, pairs of different nodes, into the neighbours of both ends; edges that are given twice count
/// once, and edges from a node to itself not at all.
void set_edges(Graph& graph, Index nodes, const std::vector<std::pair<Index, Index>>& edges);

/// Which nodes are labelled examples and which are the test set.
struct NodeSplit {
    std::vector<Index>
        labelled;             ///< equally many of each class, class after class in descending order of labels
    std::vector<Index> test;  ///< all others, ascending
};

/// Chooses `labelled` nodes at random, equally many of each class.
/// @throws UsageError if a class has too few nodes, or none is left as a test set
NodeSplit split_nodes(const Matrix& y, Index labelled, std::uint64_t seed);

}  // namespace attnpaths
