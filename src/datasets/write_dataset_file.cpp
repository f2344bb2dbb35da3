#include "base/error.hpp"
#include "datasets/dataset_file.hpp"
#include "datasets/dataset_format.hpp"
#include "datasets/head_counts.hpp"
#include "h5/file.hpp"
#include "h5/whole_file.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace attnpaths {

namespace {

using dataset_format::RowMajor;
using h5::Array;

bool is_single(double value) {
    return static_cast<double>(static_cast<float>(value)) == value;
}

void write_cube(h5::File& file, const std::string& object, const Array<double>& cube, bool single_precision) {
    if (single_precision || std::all_of(cube.values.begin(), cube.values.end(), is_single))
        file.write_as_float(object, cube);
    else
        file.write(object, cube);
}

void write_set(h5::File& file, const std::string& group, const ExampleSet& set, Index width, Index paths,
               bool single_precision) {
    const Index examples = set.examples();
    const bool has_x = set.has_tokens();
    const Index last = has_x ? set.tokens : paths;
    Array<double> cube{
        {static_cast<hsize_t>(examples), static_cast<hsize_t>(width), static_cast<hsize_t>(last)}, {}};
    cube.values.resize(static_cast<std::size_t>(examples * width * last));
    for (Index example = 0; example < examples; ++example) {
        Eigen::Map<RowMajor> target(cube.values.data() + example * width * last, width, last);
        if (has_x) {
            target = TokenWindow(set, example, 1).of(example);
        } else {
            // Copied first: Eigen 3.4.0 reshapes a strided row into a row-major target wrongly.
            const Vector row = set.xi.row(example);
            target = Eigen::Map<const Matrix>(row.data(), width, last);
        }
    }
    write_cube(file, group + (has_x ? "/x" : "/xi"), cube, single_precision);

    if (set.y.cols() == 0) return;
    Array<double> targets{{static_cast<hsize_t>(examples)}, {}};
    if (set.y.cols() > 1) targets.shape.push_back(static_cast<hsize_t>(set.y.cols()));
    targets.values.resize(static_cast<std::size_t>(set.y.size()));
    Eigen::Map<RowMajor>(targets.values.data(), examples, set.y.cols()) = set.y;
    file.write(group + "/y", targets);
}

void write_weights(h5::File& file, const std::string& object, const std::vector<AttentionHead>& layer,
                   const Matrix AttentionHead::*weights, bool single_precision) {
    const Matrix& first = layer.front().*weights;
    Array<double> cube{{layer.size(), static_cast<hsize_t>(first.rows()), static_cast<hsize_t>(first.cols())},
                       {}};
    cube.values.resize(layer.size() * static_cast<std::size_t>(first.size()));
    for (std::size_t head = 0; head < layer.size(); ++head)
        Eigen::Map<RowMajor>(cube.values.data() + head * static_cast<std::size_t>(first.size()), first.rows(),
                             first.cols()) = layer[head].*weights;
    write_cube(file, object, cube, single_precision);
}

/// What a layer has of its own: nothing where attention, or path features, come with the examples.
void write_layer(h5::File& file, const std::string& group, const std::vector<AttentionHead>& layer,
                 bool single_precision) {
    if (layer.front().W.size() > 0) {
        write_weights(file, group + "/W", layer, &AttentionHead::W, single_precision);
    } else if (layer.front().key.size() > 0) {
        write_weights(file, group + "/Q", layer, &AttentionHead::query, single_precision);
        write_weights(file, group + "/K", layer, &AttentionHead::key, single_precision);
    }
    std::vector<std::string> names;
    bool named = false;
    for (const AttentionHead& head : layer) {
        names.push_back(head.name);
        named = named || !head.name.empty();
    }
    if (named) file.write_strings(group + "/names", names);
}

/// Attention that comes with the examples, layer by layer: /SET/attention/layerL [P, H, queries, keys].
void write_maps(h5::File& file, const std::string& group, const ExampleSet& set, const HeadLayers& layers) {
    for (std::size_t layer = 0; set.maps && layer < layers.size(); ++layer) {
        const Index heads = set.maps->heads(layer);
        if (heads == 0) continue;
        const auto tokens = static_cast<hsize_t>(set.tokens);
        // Never rounded: rows must sum to 1.
        file.write(
            fmt::format("{}/attention/layer{}", group, layer + 1),
            Array<double>{{static_cast<hsize_t>(set.examples()), static_cast<hsize_t>(heads), tokens, tokens},
                          set.maps->read(layer, 0, set.examples())});
    }
}

bool has_weights(const HeadLayers& layers) {
    return std::all_of(layers.begin(), layers.end(),
                       [](const std::vector<AttentionHead>& layer) { return layer.front().has_scores(); });
}

/// Refuses what a file could hold and this function does not write, so that nothing is lost unsaid.
void check_forms(const Dataset& dataset, const std::string& path) {
    bool is_unknown = dataset.train.mask.size() > 0 || dataset.readout == Readout::index;
    for (const std::vector<AttentionHead>& layer : dataset.layers)
        for (const AttentionHead& head : layer)
            is_unknown = is_unknown || head.has_bias() || head.attention.size() > 0;
    if (is_unknown)
        throw DataError(path +
                        ": biases, padding, shared attention and tokens to be read out cannot be written");
}

}  // namespace

void write_dataset_heads(h5::File& file, const Dataset& dataset, bool single_precision) {
    file.write_attribute("/", "format", std::string(dataset_format::name));
    file.write_attribute("/", "version",
                         dataset.train.maps || dataset.unlabelled.examples() > 0
                             ? dataset_format::version
                             : dataset_format::written_version);
    file.write_attribute("/", "readout",
                         std::string(dataset_format::readouts[static_cast<std::size_t>(dataset.readout)]));
    file.write_attribute(
        "/", "attention",
        std::string(dataset_format::attentions[static_cast<std::size_t>(dataset.attention)]));
    if (!has_weights(dataset.layers)) file.write_attribute("/", "heads", head_counts_text(dataset.heads()));
    for (std::size_t layer = 0; layer < dataset.layers.size(); ++layer)
        write_layer(file, fmt::format("/heads/layer{}", layer + 1), dataset.layers[layer], single_precision);
}

void write_dataset_file(const Dataset& dataset, const std::string& path, bool single_precision,
                        const std::function<void(h5::File&)>& add_groups) {
    check_dataset(dataset, path);
    check_forms(dataset, path);
    h5::write_whole_file(path, [&](h5::File& file) {
        write_dataset_heads(file, dataset, single_precision);
        if (add_groups) add_groups(file);
        const Index paths = path_count(dataset.heads());
        const auto write = [&](const std::string& group, const ExampleSet& set) {
            write_set(file, group, set, dataset.input_width, paths, single_precision);
            write_maps(file, group, set, dataset.layers);
        };
        write("/train", dataset.train);
        for (const ExampleSet& test : dataset.tests)
            write(test.name == "test" ? "/test" : "/test-" + test.name, test);
        if (dataset.unlabelled.examples() > 0) write("/unlabelled", dataset.unlabelled);
    });
}

}  // namespace attnpaths
