#pragma once

#include "tasks/graph/graph.hpp"

#include <cstdint>

namespace attnpaths {

/// The contextual stochastic block model (Deshpande, Sen, Montanari, Mossel 2018): two classes of M/2 nodes
/// each, +1 and -1 in turn; a node has mean_degree neighbours in the mean, a share `homophily` of them in its
/// own class. Features are signal y u + noise, u a direction of length 1, noise standard normal.
struct BlockModel {
    Index nodes = 1000;  ///< M, even
    double mean_degree = 10;
    double homophily = 0.8;
    Index features = 64;  ///< N0
    double signal = 1;

    /// Probability of an edge between two nodes of one class.
    [[nodiscard]] double edge_probability_within() const;
    /// Probability of an edge between two nodes of different classes.
    [[nodiscard]] double edge_probability_between() const;
};

/// Draws a graph; every node has its own random numbers.
Graph draw_graph(const BlockModel& model, std::uint64_t seed);

/// Accuracy on some nodes of the model's exact posterior of a node's class given the features of that node
/// and the classes of all others, which knows u and all parameters: labels that a network does not have.
double posterior_accuracy(const BlockModel& model, const Graph& graph, const std::vector<Index>& nodes,
                          std::uint64_t seed);

}  // namespace attnpaths
