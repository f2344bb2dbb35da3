#include "tasks/graph/scored_graph_head.hpp"

#include "base/error.hpp"

#include <Eigen/Eigenvalues>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace attnpaths {

ScoredGraphHead::ScoredGraphHead(Matrix keys, Matrix queries, Form form)
    : keys_(std::move(keys)), queries_(std::move(queries)), form_(form) {}

Matrix ScoredGraphHead::apply(const Matrix& features) const {
    constexpr Index block = 256;
    const Index nodes = queries_.cols();
    Matrix attended(features.rows(), nodes);
    Matrix attention;
    for (Index first = 0; first < nodes; first += block) {
        const Index count = std::min(block, nodes - first);
        attention.noalias() = keys_.transpose() * queries_.middleCols(first, count);
        for (Index query = 0; query < count; ++query) {
            auto column = attention.col(query).array();
            if (form_ == Form::softmax)
                column = (column - column.maxCoeff()).exp();
            else if (form_ == Form::absolute)
                column = column.abs();
            else
                column = column.max(0);
            const double sum = column.sum();
            if (sum > 0) {
                column /= sum;
            } else {
                column.setZero();
                column(first + query) = 1;
            }
        }
        attended.middleCols(first, count).noalias() = features * attention;
    }
    return attended;
}

std::unique_ptr<GraphHead> spectral_head(const Graph& graph, Index eigenvectors) {
    constexpr Index most_nodes = 3000;
    const Index nodes = graph.nodes();
    if (nodes > most_nodes)
        throw UsageError(
            fmt::format("task.layers: a spectral head needs all eigenvectors of the Laplacian of {} nodes; "
                        "choose at most {} "
                        "nodes, or another head",
                        nodes, most_nodes));
    if (eigenvectors >= nodes)
        throw UsageError(fmt::format("task.eigenvectors = {} are not to be had of {} nodes; choose fewer",
                                     eigenvectors, nodes));
    // I - L: what is smallest of the Laplacian is largest here.
    Matrix affinity = Matrix::Zero(nodes, nodes);
    for (Index node = 0; node < nodes; ++node) {
        const std::vector<Index>& own = graph.neighbours[static_cast<std::size_t>(node)];
        for (const Index other : own)
            affinity(other, node) =
                1 / std::sqrt(static_cast<double>(own.size()) *
                              static_cast<double>(graph.neighbours[static_cast<std::size_t>(other)].size()));
    }
    const Eigen::SelfAdjointEigenSolver<Matrix> solver(affinity);
    if (solver.info() != Eigen::Success)
        throw NumericalError("the eigenvectors of the graph's Laplacian were not found");
    const Matrix vectors =
        std::sqrt(static_cast<double>(nodes)) *
        solver.eigenvectors().middleCols(nodes - 1 - eigenvectors, eigenvectors).transpose();
    return std::make_unique<ScoredGraphHead>(vectors, vectors, ScoredGraphHead::Form::softmax);
}

namespace {

Matrix centred_features(const Graph& graph) {
    return graph.features.colwise() - graph.features.rowwise().mean();
}

}  // namespace

std::unique_ptr<GraphHead> output_covariance_head(const Graph& graph, const std::vector<Index>& labelled) {
    const Matrix centred = centred_features(graph);
    const Matrix y = graph.y(labelled, Eigen::all);
    const Matrix covariance =
        centred(Eigen::all, labelled) * (y.rowwise() - y.colwise().mean()) / static_cast<double>(y.rows());
    const Matrix scores = covariance.transpose() * centred;
    return std::make_unique<ScoredGraphHead>(scores, scores, ScoredGraphHead::Form::positive);
}

std::unique_ptr<GraphHead> cross_covariance_head(const Graph& graph) {
    const Matrix centred = centred_features(graph);
    return std::make_unique<ScoredGraphHead>(centred, centred, ScoredGraphHead::Form::absolute);
}

}  // namespace attnpaths
