#include "task/dataset.hpp"

#include "base/hash.hpp"

#include <fmt/format.h>

namespace attnpaths {

namespace {

void add_matrix(ContentHash& hash, const Matrix& matrix) {
    // The shape goes first, so that matrices of equal content but other shape differ.
    hash.add(fmt::format("{}x{}", matrix.rows(), matrix.cols()));
    hash.add(matrix.data(), static_cast<std::size_t>(matrix.size()) * sizeof(double));
}

void add_set(ContentHash& hash, const ExampleSet& set) {
    hash.add(fmt::format("{} {}", set.name, set.tokens));
    add_matrix(hash, set.x);
    add_matrix(hash, set.xi);
    add_matrix(hash, set.y);
}

}  // namespace

std::vector<Index> Dataset::heads() const {
    std::vector<Index> counts;
    for (const std::vector<AttentionHead>& layer : layers) counts.push_back(static_cast<Index>(layer.size()));
    return counts;
}

std::string content_hash(const Dataset& dataset) {
    ContentHash hash;
    hash.add(fmt::format("N0 {} attention {} readout {} layers {} tests {}", dataset.input_width,
                         static_cast<int>(dataset.attention), static_cast<int>(dataset.readout),
                         dataset.layers.size(), dataset.tests.size()));
    for (const std::vector<AttentionHead>& layer : dataset.layers) {
        hash.add(fmt::format("heads {}", layer.size()));
        for (const AttentionHead& head : layer) {
            add_matrix(hash, head.W);
            add_matrix(hash, head.key);
            add_matrix(hash, head.query);
        }
    }
    add_set(hash, dataset.train);
    for (const ExampleSet& test : dataset.tests) add_set(hash, test);
    return hash.hex();
}

}  // namespace attnpaths
