#include "datasets/dataset.hpp"

#include "base/hash.hpp"
#include "network/path_features.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace attnpaths {

namespace {

void add_matrix(ContentHash& hash, const Matrix& matrix) {
    // The shape goes first, so that matrices of equal content but other shape differ.
    hash.add(fmt::format("{}x{}", matrix.rows(), matrix.cols()));
    hash.add(matrix.data(), static_cast<std::size_t>(matrix.size()) * sizeof(double));
}

/// What a head says of the places of tokens.
void add_places(ContentHash& hash, const AttentionHead& head) {
    const auto add = [&](const char* name, const Matrix& values) {
        if (values.size() == 0) return;
        hash.add(name);
        add_matrix(hash, values);
    };
    add("key bias", head.key_bias);
    add("query bias", head.query_bias);
    add("bias", head.bias);
    add("relative bias", head.relative_bias);
    add("attention", head.attention);
    if (head.causal) hash.add("causal");
}

/// The same whether tokens are held or not.
void add_tokens(ContentHash& hash, const ExampleSet& set) {
    if (!set.source) {
        add_matrix(hash, set.x);
        return;
    }
    const TokenSource& source = *set.source;
    hash.add(fmt::format("{}x{}", source.input_width(), source.examples() * set.tokens));
    for (Index first = 0; first < source.examples(); first += source.examples_at_a_time()) {
        const Matrix x = source.read(first, std::min(source.examples_at_a_time(), source.examples() - first));
        hash.add(x.data(), static_cast<std::size_t>(x.size()) * sizeof(double));
    }
}

void add_set(ContentHash& hash, const ExampleSet& set) {
    hash.add(fmt::format("{} {}", set.name, set.tokens));
    add_tokens(hash, set);
    add_matrix(hash, set.xi);
    add_matrix(hash, set.y);
    // Only what is there, so that the hash of data sets without these stays what it was.
    if (set.mask.size() > 0) {
        hash.add("mask");
        hash.add(set.mask.data(), static_cast<std::size_t>(set.mask.size()) * sizeof(bool));
    }
    for (const Index token : set.readout) hash.add(fmt::format("readout {}", token));
    if (!set.maps_hash.empty()) hash.add("maps " + set.maps_hash);
}

}  // namespace

std::vector<Index> Dataset::heads() const {
    return head_counts_of(layers);
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
            add_places(hash, head);
        }
    }
    add_set(hash, dataset.train);
    for (const ExampleSet& test : dataset.tests) add_set(hash, test);
    if (dataset.unlabelled.examples() > 0) add_set(hash, dataset.unlabelled);
    return hash.hex();
}

}  // namespace attnpaths
