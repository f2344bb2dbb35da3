#include "base/error.hpp"
#include "base/text.hpp"
#include "datasets/dataset_reading.hpp"
#include "datasets/head_counts.hpp"
#include "datasets/map_check.hpp"
#include "network/path_features.hpp"

#include <algorithm>
#include <set>

namespace attnpaths::dataset_reading {

namespace {

using h5::Array;

/// Number of layers under groups whose members are layer1, layer2, ... without gaps, all groups together.
std::size_t count_layers(const Source& source, const std::vector<std::string>& groups) {
    std::set<std::int64_t> numbers;
    for (const std::string& group : groups)
        for (const std::string& member : source.file->members(group)) {
            std::int64_t number = 0;
            if (member.rfind("layer", 0) != 0 || !parse_integer(member.substr(5), number) || number < 1 ||
                member != fmt::format("layer{}", number))
                throw DataError(
                    fmt::format("{}: {}/{} is not known; the members of {} are layer1, layer2, ...",
                                source.path(), group, member, group));
            numbers.insert(number);
        }
    if (numbers.empty())
        throw DataError(fmt::format("{}: {} is empty; give at least {}", source.path(), groups.front(),
                                    groups.front() == "/heads" ? "/heads/layer1/W or /heads/layer1/Q and K"
                                                               : groups.front() + "/layer1"));
    const std::int64_t highest = *numbers.rbegin();
    for (std::int64_t number = 1; number <= highest; ++number)
        if (!numbers.contains(number))
            throw DataError(fmt::format(
                "{}: {}/layer{} is missing though {}/layer{} is there; number layers without gaps",
                source.path(), groups.front(), number, groups.front(), highest));
    return static_cast<std::size_t>(highest);
}

/// The form in which a layer gives its attention.
enum class Form {
    product,
    factors,
    attention,
    maps,
    names  ///< nothing but names: every set gives path features
};

Form form_of(const Source& source, const std::string& group, const std::string& maps) {
    const h5::InputFile& file = *source.file;
    const bool product = file.has(group + "/W");
    const bool query = file.has(group + "/Q");
    const bool key = file.has(group + "/K");
    const bool shared = source.has_new(group + "/attention");
    const bool mapped = source.has_new(maps);
    const auto fail = [&](const std::string& what) {
        throw DataError(fmt::format("{}: {}", source.path(), what));
    };
    if (mapped && (product || query || key || shared))
        fail(fmt::format("{} and {} both give the attention of this layer; keep one of them", maps,
                         group + (product  ? "/W"
                                  : shared ? "/attention"
                                  : query  ? "/Q"
                                           : "/K")));
    if (mapped) return Form::maps;
    if (shared && (product || query || key))
        fail(fmt::format("{} gives both attention and {}; keep one of them", group, product ? "W" : "Q, K"));
    if (shared) return Form::attention;
    if (product && (query || key)) fail(group + " gives both W and Q, K; keep one of them");
    if (query != key) fail(fmt::format("{}/{} is missing; give both Q and K", group, query ? "K" : "Q"));
    if (!product && !query && file.has(group + "/names") && file.has_attribute("/", "heads"))
        return Form::names;
    if (!product && !query)
        fail(fmt::format("{}/W is missing; give W [H, N0, N0], or Q and K [H, G, N0]{}", group,
                         source.version >= 2
                             ? fmt::format(", or attention [H, tokens, tokens], or {} of every set", maps)
                             : ""));
    return product ? Form::product : Form::factors;
}

void read_weights(const Source& source, const std::string& group, bool product,
                  std::vector<AttentionHead>& heads) {
    const h5::InputFile& file = *source.file;
    if (product) {
        const Array<double> weights = read_cube(file, group + "/W", "[H, N0, N0]");
        heads.resize(weights.shape[0]);
        for (std::size_t head = 0; head < heads.size(); ++head)
            heads[head].W = slice(weights, static_cast<Index>(head));
        return;
    }
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

/// Puts slices of an array that a layer may have into its heads.
/// @param axes  of one head;  @param shared  whether one head may stand for all
template <class Put>
void read_bias(const Source& source, const std::string& object, std::size_t axes, bool shared,
               std::vector<AttentionHead>& heads, const Put& put) {
    if (!source.has_new(object)) return;
    const Array<double> bias = source.file->read(object);
    const bool is_shared = shared && !bias.shape.empty() && bias.shape[0] == 1;
    if (bias.shape.size() != axes + 1 || bias.values.empty() || (bias.shape[0] != heads.size() && !is_shared))
        throw DataError(fmt::format("{}: {} has shape {}, expected {} axes with {} head(s){} first",
                                    source.path(), object, shape_text(bias.shape), axes + 1, heads.size(),
                                    shared ? " (or 1 for all of them)" : ""));
    const std::size_t size = bias.values.size() / bias.shape[0];
    for (std::size_t head = 0; head < heads.size(); ++head)
        put(heads[head], bias, bias.values.data() + (is_shared ? 0 : head * size));
}

Vector vector_of(const Array<double>& array, const double* values) {
    return Eigen::Map<const Vector>(values, static_cast<Index>(array.shape[1]));
}

/// What scores have beside W, or Q and K. What is given for another form is not read.
void read_biases(const Source& source, const std::string& group, bool product,
                 std::vector<AttentionHead>& heads) {
    if (!product) {
        read_bias(source, group + "/q_bias", 1, false, heads,
                  [](AttentionHead& head, const Array<double>& array, const double* values) {
                      head.query_bias = vector_of(array, values);
                  });
        read_bias(source, group + "/k_bias", 1, false, heads,
                  [](AttentionHead& head, const Array<double>& array, const double* values) {
                      head.key_bias = vector_of(array, values);
                  });
    }
    read_bias(source, group + "/bias", 2, true, heads,
              [](AttentionHead& head, const Array<double>& array, const double* values) {
                  // [queries, keys] with keys fastest: keys are the rows of a matrix by columns.
                  head.bias = Eigen::Map<const Matrix>(values, static_cast<Index>(array.shape[2]),
                                                       static_cast<Index>(array.shape[1]));
              });
    read_bias(source, group + "/relative_bias", 1, true, heads,
              [](AttentionHead& head, const Array<double>& array, const double* values) {
                  head.relative_bias = vector_of(array, values);
              });
    if (source.has_new_attribute(group, "causal")) {
        const bool causal = source.file->read_integer_attribute(group, "causal") != 0;
        for (AttentionHead& head : heads) head.causal = causal;
    }
}

/// Attention that is the same for all examples, [H, queries, keys].
void read_attention(const Source& source, const std::string& group, std::vector<AttentionHead>& heads,
                    RowSums& sums) {
    const std::string object = group + "/attention";
    const Array<double> maps = read_cube(*source.file, object, "[H, tokens, tokens]");
    if (maps.shape[1] != maps.shape[2])
        throw DataError(fmt::format("{}: {} has shape {}, expected [H, tokens, tokens]", source.path(),
                                    object, shape_text(maps.shape)));
    const TokenSequences one{{}, static_cast<Index>(maps.shape[1])};
    MapCheck check(source.path() + ": " + object, static_cast<Index>(maps.shape[0]), one);
    ContentHash unused;  // heads are hashed as they are
    check.add(maps.values, 0, 1, unused);
    check.finish(sums);
    heads.resize(maps.shape[0]);
    for (std::size_t head = 0; head < heads.size(); ++head)
        heads[head].attention = slice(maps, static_cast<Index>(head)).transpose();
}

/// H of a layer whose attention comes with the examples.
std::size_t mapped_heads(const Source& source, const std::string& maps) {
    const std::vector<hsize_t> shape = source.file->shape(maps);
    constexpr std::size_t axes = 4;
    if (shape.size() != axes || std::find(shape.begin(), shape.end(), hsize_t{0}) != shape.end())
        throw DataError(fmt::format("{}: {} has shape {}, expected [P, H, queries, keys]", source.path(),
                                    maps, shape_text(shape)));
    return shape[1];
}

std::vector<AttentionHead> read_layer(const Source& source, std::size_t layer, RowSums& sums) {
    const h5::InputFile& file = *source.file;
    const std::string group = fmt::format("/heads/layer{}", layer);
    const std::string maps = fmt::format("/train/attention/layer{}", layer);
    std::vector<AttentionHead> heads;
    switch (const Form form = form_of(source, group, maps)) {
        case Form::maps:
            heads.resize(mapped_heads(source, maps));
            break;
        case Form::attention:
            read_attention(source, group, heads, sums);
            break;
        case Form::names:
            heads.resize(file.read_strings(group + "/names").size());
            break;
        case Form::product:
        case Form::factors:
            read_weights(source, group, form == Form::product, heads);
            read_biases(source, group, form == Form::product, heads);
            break;
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

}  // namespace

HeadLayers read_heads(const Source& source, RowSums& sums) {
    HeadLayers layers;
    const h5::InputFile& file = *source.file;
    std::vector<std::string> groups;
    if (file.has("/heads")) groups.emplace_back("/heads");
    if (source.has_new("/train/attention")) groups.emplace_back("/train/attention");
    if (!groups.empty()) {
        const std::size_t depth = count_layers(source, groups);
        for (std::size_t layer = 1; layer <= depth; ++layer)
            layers.push_back(read_layer(source, layer, sums));
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
    const std::vector<Index> given = head_counts_of(layers);
    if (given != counts)
        throw DataError(fmt::format("{}: attribute heads = \"{}\" but /heads has {}; they must agree",
                                    file.path(), text, head_counts_text(given)));
    return layers;
}

}  // namespace attnpaths::dataset_reading
