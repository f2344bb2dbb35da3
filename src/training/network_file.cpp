#include "training/network_file.hpp"

#include "base/error.hpp"
#include "datasets/dataset_file.hpp"
#include "h5/input_file.hpp"

#include <fmt/format.h>

namespace attnpaths {

namespace {

using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr char input[] = "/network/V0";
constexpr char readout[] = "/network/a";

std::string value_name(std::size_t layer) {
    return fmt::format("/network/layer{}/V", layer + 1);
}

h5::Array<double> read_array(const h5::InputFile& file, const std::string& object,
                             const std::vector<hsize_t>& shape) {
    if (!file.has(object))
        throw DataError(
            fmt::format("{}: {} is missing; it takes all weights of a network, as attnpaths train "
                        "writes them, to train it further",
                        file.path(), object));
    if (file.shape(object) != shape)
        throw DataError(fmt::format("{}: {} has another shape than [{}], which the heads ask for",
                                    file.path(), object, fmt::join(shape, ", ")));
    h5::Array<double> array = file.read(object);
    for (const double value : array.values)
        if (!std::isfinite(value))
            throw DataError(fmt::format("{}: {}: values must be finite", file.path(), object));
    return array;
}

/// Copies matrix number `number` of a stack.
void copy_in(const h5::Array<double>& array, Index number, WeightVector<float>& weights,
             const WeightBlock& block) {
    view(weights, block) =
        Eigen::Map<const RowMajor>(array.values.data() + number * block.size(), block.rows, block.columns)
            .cast<float>();
}

void append(h5::Array<double>& array, const WeightVector<float>& weights, const WeightBlock& block) {
    const RowMajor matrix = view(weights, block).cast<double>();
    array.values.insert(array.values.end(), matrix.data(), matrix.data() + matrix.size());
}

NetworkShape shape_of(const std::string& path, const Dataset& heads) {
    NetworkShape shape;
    shape.heads = heads.heads();
    for (const std::vector<AttentionHead>& layer : heads.layers) {
        const Matrix& query = layer.front().query;
        if (query.size() == 0)
            throw DataError(path + ": /heads gives W; a network to train is given by Q and K");
        if (shape.query_width == 0) {
            shape.query_width = query.rows();
            shape.input_width = query.cols();
        }
        if (query.rows() != shape.query_width || query.cols() != shape.input_width)
            throw DataError(fmt::format("{}: /heads: Q of different layers must be of one shape", path));
    }
    return shape;
}

}  // namespace

void write_network(h5::File& file, const TrainedNetwork& network) {
    const WeightLayout layout(network.shape);
    const NetworkShape& shape = network.shape;
    const auto width = static_cast<hsize_t>(shape.width);
    const auto input_width = static_cast<hsize_t>(shape.input_width);
    Dataset heads;
    for (std::size_t layer = 0; layer < shape.depth(); ++layer) {
        h5::Array<double> values{{static_cast<hsize_t>(shape.heads[layer]), width, width}, {}};
        std::vector<AttentionHead> own;
        for (Index head = 0; head < shape.heads[layer]; ++head) {
            const Index number = shape.head_number(layer, head);
            AttentionHead next;
            next.query = view(network.weights, layout.query(number)).cast<double>();
            next.key = view(network.weights, layout.key(number)).cast<double>();
            own.push_back(std::move(next));
            append(values, network.weights, layout.value(number));
        }
        heads.layers.push_back(std::move(own));
        file.write_as_float(value_name(layer), values);
    }
    write_dataset_heads(file, heads);
    h5::Array<double> first{{width, input_width}, {}};
    append(first, network.weights, layout.input());
    file.write_as_float(input, first);
    h5::Array<double> last{{width}, {}};
    append(last, network.weights, layout.readout());
    file.write_as_float(readout, last);
    write_notes(file, network.notes);
}

TrainedNetwork read_network(const std::string& path) {
    const Dataset heads = read_dataset_heads(path);
    std::optional<OneShotNotes> notes = read_notes(path);
    if (!notes)
        throw DataError(path + ": has no label vectors (/one-shot/labels); a network knows only its own");
    TrainedNetwork network{shape_of(path, heads), {}, std::move(*notes)};
    NetworkShape& shape = network.shape;
    if (network.notes.patch.width() != shape.input_width)
        throw DataError(fmt::format("{}: /one-shot has tokens of width {}, /heads of {}; they must agree",
                                    path, network.notes.patch.width(), shape.input_width));
    const h5::InputFile file(path);
    const std::vector<hsize_t> readout_shape =
        file.has(readout) ? file.shape(readout) : std::vector<hsize_t>();
    if (readout_shape.size() != 1 || readout_shape[0] == 0)
        throw DataError(
            fmt::format("{}: {} is missing or not a vector; it takes all weights of a network, as "
                        "attnpaths train writes them, to train it further",
                        path, readout));
    shape.width = static_cast<Index>(readout_shape[0]);
    const WeightLayout layout(shape);
    network.weights.setZero(layout.size());
    const auto width = static_cast<hsize_t>(shape.width);
    for (std::size_t layer = 0; layer < shape.depth(); ++layer) {
        const h5::Array<double> values =
            read_array(file, value_name(layer), {static_cast<hsize_t>(shape.heads[layer]), width, width});
        for (Index head = 0; head < shape.heads[layer]; ++head) {
            const Index number = shape.head_number(layer, head);
            const AttentionHead& weights = heads.layers[layer][static_cast<std::size_t>(head)];
            if (!weights.query.allFinite() || !weights.key.allFinite())
                throw DataError(fmt::format("{}: /heads/layer{}: values must be finite", path, layer + 1));
            view(network.weights, layout.query(number)) = weights.query.cast<float>();
            view(network.weights, layout.key(number)) = weights.key.cast<float>();
            copy_in(values, head, network.weights, layout.value(number));
        }
    }
    copy_in(read_array(file, input, {width, static_cast<hsize_t>(shape.input_width)}), 0, network.weights,
            layout.input());
    copy_in(read_array(file, readout, {width}), 0, network.weights, layout.readout());
    return network;
}

}  // namespace attnpaths
