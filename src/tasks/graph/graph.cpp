#include "tasks/graph/graph.hpp"

#include "base/error.hpp"
#include "base/random_stream.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>

namespace attnpaths {

void set_edges(Graph& graph, Index nodes, const std::vector<std::pair<Index, Index>>& edges) {
    graph.neighbours.assign(static_cast<std::size_t>(nodes), {});
    for (const auto& [a, b] : edges) {
        if (a == b) continue;
        graph.neighbours[static_cast<std::size_t>(a)].push_back(b);
        graph.neighbours[static_cast<std::size_t>(b)].push_back(a);
    }
    for (std::vector<Index>& list : graph.neighbours) {
        std::sort(list.begin(), list.end());
        list.erase(std::unique(list.begin(), list.end()), list.end());
    }
}

NodeSplit split_nodes(const Matrix& y, Index labelled, std::uint64_t seed) {
    std::map<std::vector<double>, std::vector<Index>, std::greater<>> classes;
    for (Index node = 0; node < y.rows(); ++node) {
        const Vector label = y.row(node);
        classes[{label.begin(), label.end()}].push_back(node);
    }
    const Index each = labelled / std::ssize(classes);
    std::vector<bool> is_labelled(static_cast<std::size_t>(y.rows()), false);
    NodeSplit split;
    std::uint64_t number = 0;
    for (auto& [label, members] : classes) {
        if (each > std::ssize(members))
            throw UsageError(fmt::format(
                "task.labelled_nodes = {} needs {} nodes of each class, and one has {}; choose at most {}",
                labelled, each, members.size(), std::ssize(members) * std::ssize(classes)));
        RandomStream stream(seed, "graph/split", number++);
        for (Index chosen = 0; chosen < each; ++chosen) {
            const auto left = static_cast<double>(std::ssize(members) - chosen);
            const Index other = chosen + static_cast<Index>(stream.uniform() * left);
            std::swap(members[static_cast<std::size_t>(chosen)], members[static_cast<std::size_t>(other)]);
            const Index node = members[static_cast<std::size_t>(chosen)];
            split.labelled.push_back(node);
            is_labelled[static_cast<std::size_t>(node)] = true;
        }
    }
    for (Index node = 0; node < y.rows(); ++node)
        if (!is_labelled[static_cast<std::size_t>(node)]) split.test.push_back(node);
    if (split.test.empty())
        throw UsageError(
            fmt::format("task.labelled_nodes = {} leaves no node as a test set; choose fewer", labelled));
    return split;
}

}  // namespace attnpaths
