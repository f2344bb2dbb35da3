#include "task/dataset_file.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "h5/input_file.hpp"
#include "task/dataset_format.hpp"
#include "task/head_counts.hpp"
#include "task/labels.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

namespace attnpaths {

namespace {

using dataset_format::RowMajor;
using h5::Array;

/// Groups that this program puts beside a data set for other purposes.
constexpr std::array other_groups = {"/one-shot", "/network", "/training"};

template <class Range>
std::string shape_text(const Range& shape) {
    return fmt::format("[{}]", fmt::join(shape, ", "));
}

/// Reads a root attribute that must be one of `names`. @returns its place among them
template <std::size_t Count>
std::size_t read_choice(const h5::InputFile& file, const char* attribute,
                        const std::array<const char*, Count>& names) {
    const std::string known = fmt::format("{}", fmt::join(names, ", "));
    if (!file.has_attribute("/", attribute))
        throw DataError(fmt::format("{}: attribute {} is missing; set it on the root group to one of: {}",
                                    file.path(), attribute, known));
    const std::string value = file.read_text_attribute("/", attribute);
    const auto found = std::find(names.begin(), names.end(), value);
    if (found == names.end())
        throw DataError(fmt::format("{}: attribute {} = \"{}\" is not known; choose one of: {}", file.path(),
                                    attribute, value, known));
    return static_cast<std::size_t>(found - names.begin());
}

void check_format(const h5::InputFile& file) {
    if (!file.has_attribute("/", "format"))
        throw DataError(
            fmt::format("{}: is not a data set file: its root group lacks the attribute format = \"{}\"",
                        file.path(), dataset_format::name));
    const std::string format = file.read_text_attribute("/", "format");
    if (format != dataset_format::name)
        throw DataError(fmt::format("{}: attribute format is \"{}\", a data set file has \"{}\"", file.path(),
                                    format, dataset_format::name));
    if (!file.has_attribute("/", "version"))
        throw DataError(fmt::format("{}: attribute version is missing; set it on the root group to {}",
                                    file.path(), dataset_format::version));
    const std::int64_t version = file.read_integer_attribute("/", "version");
    if (version != dataset_format::version)
        throw DataError(fmt::format("{}: written by version {} of the format; this program reads version {}",
                                    file.path(), version, dataset_format::version));
}

/// Reads a data set of three axes, none of them empty.
Array<double> read_cube(const h5::InputFile& file, const std::string& object, const char* axes) {
    const std::vector<hsize_t> shape = file.shape(object);
    if (shape.size() != 3)
        throw DataError(fmt::format("{}: {} has shape {}, expected three axes {}", file.path(), object,
                                    shape_text(shape), axes));
    if (std::find(shape.begin(), shape.end(), hsize_t{0}) != shape.end())
        throw DataError(
            fmt::format("{}: {} is empty: its shape {} has a 0", file.path(), object, shape_text(shape)));
    return file.read(object);
}

/// Slice `index` along the first axis of a cube, [shape[1], shape[2]].
Eigen::Map<const RowMajor> slice(const Array<double>& cube, Index index) {
    const auto rows = static_cast<Index>(cube.shape[1]);
    const auto columns = static_cast<Index>(cube.shape[2]);
    return {cube.values.data() + index * rows * columns, rows, columns};
}

/// Targets [P, D].
Matrix read_targets(const h5::InputFile& file, const std::string& object) {
    if (!file.has(object))
        throw DataError(
            fmt::format("{}: {} is missing; give the targets, [P] or [P, D]", file.path(), object));
    const std::vector<hsize_t> shape = file.shape(object);
    if (shape.empty() || shape.size() > 2)
        throw DataError(fmt::format("{}: {} has shape {}, expected [P] or [P, D]", file.path(), object,
                                    shape_text(shape)));
    const Array<double> targets = file.read(object);
    const auto examples = static_cast<Index>(shape[0]);
    const auto outputs = shape.size() == 2 ? static_cast<Index>(shape[1]) : Index{1};
    return Eigen::Map<const RowMajor>(targets.values.data(), examples, outputs);
}

/// Width N0 of a set's tokens or path features.
Index width_of(const ExampleSet& set, Index paths) {
    return set.x.size() > 0 ? set.x.rows() : set.xi.cols() / paths;
}

ExampleSet read_set(const h5::InputFile& file, const std::string& group, const std::string& name,
                    Index paths) {
    if (!file.has(group))
        throw DataError(
            fmt::format("{}: {} is missing; give {}/x and {}/y", file.path(), group, group, group));
    const std::string x = group + "/x";
    const std::string xi = group + "/xi";
    if (file.has(x) && file.has(xi))
        throw DataError(fmt::format("{}: {} gives both x and xi; keep one of them", file.path(), group));
    if (!file.has(x) && !file.has(xi))
        throw DataError(fmt::format("{}: {} is missing; give the tokens, [P, N0, tokens]", file.path(), x));

    ExampleSet set;
    set.name = name;
    set.y = read_targets(file, group + "/y");
    if (file.has(x)) {
        const Array<double> cube = read_cube(file, x, "[P, N0, tokens]");
        const auto examples = static_cast<Index>(cube.shape[0]);
        set.tokens = static_cast<Index>(cube.shape[2]);
        set.x.resize(static_cast<Index>(cube.shape[1]), examples * set.tokens);
        for (Index example = 0; example < examples; ++example)
            set.x.middleCols(example * set.tokens, set.tokens) = slice(cube, example);
    } else {
        const Array<double> cube = read_cube(file, xi, "[P, N0, n]");
        const auto examples = static_cast<Index>(cube.shape[0]);
        if (static_cast<Index>(cube.shape[2]) != paths)
            throw DataError(
                fmt::format("{}: {} has shape {}, but the file's heads make n = {} paths (the last axis)",
                            file.path(), xi, shape_text(cube.shape), paths));
        set.xi.resize(examples, static_cast<Index>(cube.shape[1]) * paths);
        for (Index example = 0; example < examples; ++example)
            set.xi.row(example) = Matrix(slice(cube, example)).reshaped().transpose();
    }
    return set;
}

/// Number of layers under /heads, whose members must be layer1, layer2, ... without gaps.
std::size_t count_layers(const h5::InputFile& file) {
    std::int64_t highest = 0;
    const std::vector<std::string> members = file.members("/heads");
    for (const std::string& member : members) {
        std::int64_t number = 0;
        if (member.rfind("layer", 0) != 0 || !parse_integer(member.substr(5), number) || number < 1 ||
            member != fmt::format("layer{}", number))
            throw DataError(
                fmt::format("{}: /heads/{} is not known; the members of /heads are layer1, layer2, ...",
                            file.path(), member));
        highest = std::max(highest, number);
    }
    if (highest == 0)
        throw DataError(file.path() +
                        ": /heads is empty; give at least /heads/layer1/W or /heads/layer1/Q and K");
    for (std::int64_t number = 1; number <= highest; ++number)
        if (!file.has(fmt::format("/heads/layer{}", number)))
            throw DataError(fmt::format(
                "{}: /heads/layer{} is missing though /heads/layer{} is there; number layers without gaps",
                file.path(), number, highest));
    return static_cast<std::size_t>(highest);
}

std::vector<AttentionHead> read_layer(const h5::InputFile& file, const std::string& group) {
    const bool product = file.has(group + "/W");
    const bool query = file.has(group + "/Q");
    const bool key = file.has(group + "/K");
    if (product && (query || key))
        throw DataError(fmt::format("{}: {} gives both W and Q, K; keep one of them", file.path(), group));
    if (query != key)
        throw DataError(
            fmt::format("{}: {}/{} is missing; give both Q and K", file.path(), group, query ? "K" : "Q"));
    if (!product && !query)
        throw DataError(fmt::format("{}: {}/W is missing; give W [H, N0, N0], or Q and K [H, G, N0]",
                                    file.path(), group));

    std::vector<AttentionHead> heads;
    if (product) {
        const Array<double> weights = read_cube(file, group + "/W", "[H, N0, N0]");
        heads.resize(weights.shape[0]);
        for (std::size_t head = 0; head < heads.size(); ++head)
            heads[head].W = slice(weights, static_cast<Index>(head));
    } else {
        const Array<double> queries = read_cube(file, group + "/Q", "[H, G, N0]");
        const Array<double> keys = read_cube(file, group + "/K", "[H, G, N0]");
        if (queries.shape != keys.shape)
            throw DataError(fmt::format("{}: {}/Q has shape {} but {}/K has {}; they must agree", file.path(),
                                        group, shape_text(queries.shape), group, shape_text(keys.shape)));
        heads.resize(queries.shape[0]);
        for (std::size_t head = 0; head < heads.size(); ++head) {
            heads[head].query = slice(queries, static_cast<Index>(head));
            heads[head].key = slice(keys, static_cast<Index>(head));
        }
    }
    if (file.has(group + "/names")) {
        const std::vector<std::string> names = file.read_strings(group + "/names");
        if (names.size() != heads.size())
            throw DataError(fmt::format("{}: {}/names has {} names for {} heads", file.path(), group,
                                        names.size(), heads.size()));
        for (std::size_t head = 0; head < heads.size(); ++head) heads[head].name = names[head];
    }
    return heads;
}

HeadLayers read_heads(const h5::InputFile& file) {
    HeadLayers layers;
    if (file.has("/heads")) {
        const std::size_t depth = count_layers(file);
        for (std::size_t layer = 1; layer <= depth; ++layer)
            layers.push_back(read_layer(file, fmt::format("/heads/layer{}", layer)));
    }
    if (!file.has_attribute("/", "heads")) {
        if (layers.empty())
            throw DataError(file.path() +
                            ": /heads is missing; give /heads/layer1/W or /heads/layer1/Q and K "
                            "(or, where every set gives xi, the root attribute heads = \"H_1:H_2:...\")");
        return layers;
    }
    const std::string text = file.read_text_attribute("/", "heads");
    std::vector<Index> counts;
    try {
        counts = parse_head_counts(text, file.path() + ": attribute heads");
    } catch (const UsageError& error) {
        throw DataError(error.what());
    }
    constexpr Index most_paths = Index{1} << 20U;
    Index paths = 1;
    for (const Index count : counts)
        if (__builtin_mul_overflow(paths, count, &paths) || paths > most_paths)
            throw DataError(fmt::format("{}: attribute heads = \"{}\" makes more than {} paths; correct it",
                                        file.path(), text, most_paths));
    if (layers.empty()) {
        for (const Index count : counts) layers.emplace_back(static_cast<std::size_t>(count));
        return layers;
    }
    std::vector<Index> given;
    for (const std::vector<AttentionHead>& layer : layers) given.push_back(static_cast<Index>(layer.size()));
    if (given != counts)
        throw DataError(fmt::format("{}: attribute heads = \"{}\" but /heads has {}; they must agree",
                                    file.path(), text, head_counts_text(given)));
    return layers;
}

/// Notes what stands in the groups of a data set and was not read: a mask, a bias, a misspelt name.
void note_unread(const h5::InputFile& file, Dataset& dataset) {
    std::vector<std::string> groups = {"/train"};
    for (const ExampleSet& test : dataset.tests) groups.push_back("/test" + suffix_of(test));
    for (std::size_t layer = 1; layer <= dataset.layers.size() && file.has("/heads"); ++layer)
        groups.push_back(fmt::format("/heads/layer{}", layer));
    std::vector<std::string> unread = file.unread("/");
    std::erase_if(unread, [](const std::string& name) {
        return std::find(other_groups.begin(), other_groups.end(), name) != other_groups.end();
    });
    if (file.has("/heads"))
        for (const std::string& name : file.unread("/heads")) unread.push_back(name);
    for (const std::string& group : groups)
        for (const std::string& name : file.unread(group)) unread.push_back(name);
    if (!unread.empty())
        dataset.notes.push_back(fmt::format("{} {} not read: a data set file does not know {}",
                                            fmt::join(unread, ", "), unread.size() == 1 ? "is" : "are",
                                            unread.size() == 1 ? "it" : "them"));
}

/// A data set without examples.
Dataset read_heads_of(const h5::InputFile& file) {
    check_format(file);
    Dataset dataset;
    dataset.readout = static_cast<Readout>(read_choice(file, "readout", dataset_format::readouts));
    dataset.attention =
        static_cast<AttentionKind>(read_choice(file, "attention", dataset_format::attentions));
    dataset.layers = read_heads(file);
    return dataset;
}

}  // namespace

Dataset read_dataset_heads(const std::string& path) {
    return read_heads_of(h5::InputFile(path));
}

Dataset read_dataset_file(const std::string& path) {
    const h5::InputFile file(path);
    Dataset dataset = read_heads_of(file);

    const Index paths = path_count(dataset.heads());
    dataset.train = read_set(file, "/train", "train", paths);
    dataset.tests.push_back(read_set(file, "/test", "test", paths));
    const std::string prefix = "test-";
    for (const std::string& member : file.members("/"))
        if (member.rfind(prefix, 0) == 0)
            dataset.tests.push_back(read_set(file, "/" + member, member.substr(prefix.size()), paths));
    dataset.input_width = width_of(dataset.train, paths);
    check_dataset(dataset, path);
    map_labels(dataset, file.describe("/train/y").is_integer, path);
    note_unread(file, dataset);
    return dataset;
}

}  // namespace attnpaths
