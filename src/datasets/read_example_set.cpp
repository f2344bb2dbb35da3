#include "base/error.hpp"
#include "datasets/attention_map_file.hpp"
#include "datasets/computed_tokens.hpp"
#include "datasets/dataset_reading.hpp"
#include "datasets/token_file.hpp"
#include "network/path_features.hpp"

#include <cmath>

namespace attnpaths::dataset_reading {

namespace {

using dataset_format::RowMajor;
using h5::Array;

/// @returns the source of the tokens where the set does not hold them, else null
std::shared_ptr<TokenFile> read_tokens(const Source& source, const std::string& object, ExampleSet& set) {
    bool tokens_first = false;
    if (source.has_new_attribute("/", "layout")) {
        const std::string layout = source.file->read_text_attribute("/", "layout");
        tokens_first = layout == "tokens-first";
        if (!tokens_first && layout != "features-first")
            throw DataError(fmt::format(
                "{}: attribute layout = \"{}\" is not known; choose tokens-first ([P, tokens, N0]) or "
                "features-first ([P, N0, tokens], the default)",
                source.path(), layout));
    }
    const char* const axes = tokens_first ? "[P, tokens, N0]" : "[P, N0, tokens]";
    check_cube(*source.file, object, axes);
    auto file = std::make_shared<TokenFile>(source.file, object, tokens_first);
    if (!tokens_are_held(file->examples(), file->input_width(), file->tokens())) {
        set.tokens = file->tokens();
        set.source = file;
        return file;
    }
    const Array<double> cube = read_cube(*source.file, object, axes);
    const auto examples = static_cast<Index>(cube.shape[0]);
    set.tokens = static_cast<Index>(cube.shape[tokens_first ? 1 : 2]);
    set.x.resize(static_cast<Index>(cube.shape[tokens_first ? 2 : 1]), examples * set.tokens);
    for (Index example = 0; example < examples; ++example) {
        auto own = set.x.middleCols(example * set.tokens, set.tokens);
        if (tokens_first)
            own = slice(cube, example).transpose();
        else
            own = slice(cube, example);
    }
    return nullptr;
}

/// A list with a number for each example, or for each token of each.
Array<double> read_numbers(const Source& source, const std::string& object,
                           const std::vector<hsize_t>& shape) {
    if (source.file->shape(object) != shape)
        throw DataError(fmt::format("{}: {} has shape {}, expected {}", source.path(), object,
                                    shape_text(source.file->shape(object)), shape_text(shape)));
    return source.file->read(object);
}

/// The mask of a set with /SET/lengths or /SET/mask, and zeros in x where there is padding.
void read_padding(const Source& source, const std::string& group, ExampleSet& set) {
    const std::string lengths = group + "/lengths";
    const std::string mask = group + "/mask";
    if (source.has_new(lengths) && source.has_new(mask))
        throw DataError(
            fmt::format("{}: {} gives both lengths and mask; keep one of them", source.path(), group));
    const Index examples = set.sequences();
    TokenMask tokens(set.tokens, examples);
    if (source.has_new(lengths)) {
        const Array<double> given = read_numbers(source, lengths, {static_cast<hsize_t>(examples)});
        for (Index example = 0; example < examples; ++example) {
            const double length = given.values[static_cast<std::size_t>(example)];
            if (!(length >= 1 && length <= static_cast<double>(set.tokens)) || length != std::floor(length))
                throw DataError(fmt::format(
                    "{}: {}: example {} (counted from 0) has length {}; x has {} tokens, give 1 to {}",
                    source.path(), lengths, example, length, set.tokens, set.tokens));
            for (Index token = 0; token < set.tokens; ++token)
                tokens(token, example) = static_cast<double>(token) < length;
        }
    } else if (source.has_new(mask)) {
        const Array<double> given =
            read_numbers(source, mask, {static_cast<hsize_t>(examples), static_cast<hsize_t>(set.tokens)});
        for (Index example = 0; example < examples; ++example) {
            for (Index token = 0; token < set.tokens; ++token) {
                const double value = given.values[static_cast<std::size_t>(example * set.tokens + token)];
                if (value != 0 && value != 1)
                    throw DataError(fmt::format(
                        "{}: {}: example {}, token {} (counted from 0) is {}; write 1 (or true) for a token "
                        "and 0 for padding",
                        source.path(), mask, example, token, value));
                tokens(token, example) = value == 1;
            }
            if (!tokens.col(example).any())
                throw DataError(fmt::format(
                    "{}: {}: example {} (counted from 0) has no token, all is padding; leave the example out",
                    source.path(), mask, example));
        }
    } else {
        return;
    }
    if (tokens.all()) return;
    for (Index column = 0; column < set.x.cols(); ++column)
        if (!tokens(column % set.tokens, column / set.tokens)) set.x.col(column).setZero();
    set.mask = std::move(tokens);
}

void read_readout(const Source& source, const std::string& group, ExampleSet& set) {
    const std::string object = group + "/readout";
    if (!source.file->has(object))
        throw DataError(fmt::format("{}: {} is missing; give the token of each example that is read out, [P]",
                                    source.path(), object));
    const Index examples = set.sequences();
    const Array<double> given = read_numbers(source, object, {static_cast<hsize_t>(examples)});
    for (Index example = 0; example < examples; ++example) {
        const double token = given.values[static_cast<std::size_t>(example)];
        if (!(token >= 0 && token < static_cast<double>(set.tokens)) || token != std::floor(token))
            throw DataError(fmt::format(
                "{}: {}: example {} (counted from 0) is read out at token {}; its tokens are 0 to {}",
                source.path(), object, example, token, set.tokens - 1));
        set.readout.push_back(static_cast<Index>(token));
        if (set.mask.size() > 0 && !set.mask(set.readout.back(), example))
            throw DataError(fmt::format(
                "{}: {}: example {} (counted from 0) is read out at token {}, which is padding; name a token",
                source.path(), object, example, token));
    }
}

void read_maps(const Source& source, const std::string& group, const HeadLayers& layers, ExampleSet& set,
               RowSums& sums) {
    if (!source.has_new("/train/attention")) return;
    const auto maps = std::make_shared<AttentionMapFile>(source.file, group, layers, set);
    set.maps = maps;
    set.maps_hash = maps->check(set, sums);
}

}  // namespace

RawLabels read_labels(const Source& source, const std::string& group) {
    const h5::InputFile& file = *source.file;
    const std::string object = group + "/y";
    if (!file.has(object))
        throw DataError(
            fmt::format("{}: {} is missing; give the targets, [P] or [P, D]", file.path(), object));
    if (source.version >= 2 && file.is_text(object)) return {{}, file.read_strings(object)};
    const std::vector<hsize_t> shape = file.shape(object);
    if (shape.empty() || shape.size() > 2)
        throw DataError(fmt::format("{}: {} has shape {}, expected [P] or [P, D]", file.path(), object,
                                    shape_text(shape)));
    const Array<double> targets = file.read(object);
    const auto examples = static_cast<Index>(shape[0]);
    const auto outputs = shape.size() == 2 ? static_cast<Index>(shape[1]) : Index{1};
    return {Eigen::Map<const RowMajor>(targets.values.data(), examples, outputs), {}};
}

ExampleSet read_set(const Source& source, const std::string& group, const std::string& name,
                    const HeadLayers& layers, Readout readout, RowSums& sums) {
    const h5::InputFile& file = *source.file;
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
    if (file.has(x)) {
        const std::shared_ptr<TokenFile> tokens = read_tokens(source, x, set);
        read_padding(source, group, set);
        if (tokens) tokens->set_mask(set.mask);
        if (readout == Readout::index) read_readout(source, group, set);
        read_maps(source, group, layers, set, sums);
    } else {
        const Index paths = path_count(head_counts_of(layers));
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

}  // namespace attnpaths::dataset_reading
