#include "network/path_features.hpp"

#include "base/error.hpp"
#include "base/rounding.hpp"
#include "network/attention.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace attnpaths {

namespace {

/// Examples that are worked on together. The products with head weights then are large, and the temporaries
/// stay near 32 MB. Sizes of blocks depend on the shapes of one example only, or on how many there are left;
/// every product that covers several examples has a multiple of 8 columns and at least 32.
/// Eigen's kernel then treats all columns alike, and the features of an example are the same to the last bit
/// wherever it stands and however many others there are.
struct Blocks {
    Index examples;

    Blocks(Index input_width, Index inner_width, Index tokens, Index paths) {
        constexpr double budget = 32e6;
        const auto columns = static_cast<double>(tokens);
        const double bytes = 8.0 * (columns * static_cast<double>(2 * input_width + inner_width + 2 * paths) +
                                    static_cast<double>(input_width * paths));
        const Index fitting = std::max<Index>(1, static_cast<Index>(budget / bytes));
        examples = std::min(fitting, std::max<Index>(32, 256 / tokens));
    }

    [[nodiscard]] static Index padded(Index columns) { return std::max<Index>(32, (columns + 7) / 8 * 8); }
};

using Sources = std::vector<std::unique_ptr<AttentionSource>>;

/// Whether only the query that is read out counts in a layer.
bool is_single_query(std::size_t layer, std::size_t depth, Readout readout) {
    return layer + 1 == depth && readout != Readout::average;
}

void check_set(const TokenSequences& set, Readout readout) {
    const Matrix& x = set.x;
    if (set.tokens < 1 || x.rows() < 1 || x.cols() % set.tokens != 0)
        throw DataError(fmt::format("tokens of shape [{}, {}] do not make examples of {} tokens each",
                                    x.rows(), x.cols(), set.tokens));
    const Index examples = x.cols() / set.tokens;
    if (set.mask.size() > 0 && (set.mask.rows() != set.tokens || set.mask.cols() != examples))
        throw DataError(fmt::format("a mask of shape [{}, {}] does not fit {} examples of {} tokens",
                                    set.mask.cols(), set.mask.rows(), examples, set.tokens));
    if (set.mask.size() > 0)
        for (Index example = 0; example < examples; ++example)
            if (!set.mask.col(example).any())
                throw DataError(fmt::format("example {} (counted from 0) has no token", example));
    if (readout == Readout::index) {
        if (static_cast<Index>(set.readout.size()) != examples)
            throw DataError(fmt::format("{} examples have {} tokens to be read out; name one for each",
                                        examples, set.readout.size()));
        for (Index example = 0; example < examples; ++example) {
            const Index token = set.readout[static_cast<std::size_t>(example)];
            if (token < 0 || token >= set.tokens || (set.mask.size() > 0 && !set.mask(token, example)))
                throw DataError(
                    fmt::format("example {} is read out at token {} (counted from 0), which it "
                                "does not have",
                                example, token));
        }
    }
    if (x.allFinite()) return;
    for (Index column = 0; column < x.cols(); ++column)
        for (Index row = 0; row < x.rows(); ++row) {
            const Index example = column / set.tokens;
            const Index token = column % set.tokens;
            if (!std::isfinite(x(row, column)) && (set.mask.size() == 0 || set.mask(token, example)))
                throw DataError(fmt::format("x of example {}, feature {}, token {} is {} (counted from 0)",
                                            example, row, token, x(row, column)));
        }
}

/// Which of an example's tokens is read out, counted without padding.
Index readout_place(const TokenSequences& set, Index example, const std::vector<Index>& positions,
                    Readout readout) {
    if (readout == Readout::index)
        return std::lower_bound(positions.begin(), positions.end(),
                                set.readout[static_cast<std::size_t>(example)]) -
               positions.begin();
    return readout == Readout::last ? static_cast<Index>(positions.size()) - 1 : 0;
}

/// Fills a block with examples of `block.tokens` tokens each.
void fill(const TokenSequences& set, Readout readout, std::vector<Index> examples, TokenBlock& block) {
    const auto count = static_cast<Index>(examples.size());
    block.examples = std::move(examples);
    block.readout.clear();
    block.positions.clear();
    for (Index place = 0; place < count; ++place) {
        const Index example = block.examples[static_cast<std::size_t>(place)];
        std::vector<Index> positions = token_positions(set, example);
        const auto own = set.x.middleCols(example * set.tokens, set.tokens);
        block.x.middleCols(place * block.tokens, block.tokens) = own(Eigen::all, positions);
        block.readout.push_back(readout_place(set, example, positions, readout));
        block.readout_x.col(place) = block.x.col(place * block.tokens + block.readout.back());
        block.positions.push_back(std::move(positions));
    }
    // readout_x keeps columns of an earlier block where this one is smaller: of no influence on the others.
    block.x.rightCols(block.x.cols() - count * block.tokens).setZero();
}

/// Features of the examples of a block, from the readout down to layer 1.
void add_features(const TokenBlock& block, const Sources& sources, const std::vector<Index>& heads,
                  Readout readout, Matrix& features) {
    const auto count = static_cast<Index>(block.examples.size());
    const Index tokens = block.tokens;
    // b of the partial paths above a layer, [queries of that layer, paths from it to the readout], example by
    // example.
    const Index readouts = readout == Readout::average ? tokens : 1;
    std::vector<Matrix> above(static_cast<std::size_t>(count),
                              Matrix::Constant(readouts, 1, 1 / static_cast<double>(readouts)));
    Matrix omega, product;
    for (std::size_t layer = sources.size(); layer-- > 0;) {
        const Index partial = above.front().cols();
        std::vector<Matrix> below(static_cast<std::size_t>(count), Matrix(tokens, heads[layer] * partial));
        for (Index head = 0; head < heads[layer]; ++head) {
            sources[layer]->select(block, head);
            for (Index example = 0; example < count; ++example) {
                const auto e = static_cast<std::size_t>(example);
                sources[layer]->omega(example, omega);
                product.noalias() = omega * above[e];
                below[e].middleCols(head * partial, partial) = product;
            }
        }
        above = std::move(below);
    }
    Matrix own(features.cols(), count);  // written to rows of `features` together, for the sake of the cache
    for (Index example = 0; example < count; ++example) {
        const auto e = static_cast<std::size_t>(example);
        product.noalias() = block.x.middleCols(example * tokens, tokens) * above[e];
        if (!product.allFinite())
            throw DataError(fmt::format(
                "path features of example {} are not finite; its tokens are too large", block.examples[e]));
        own.col(example) = product.reshaped();
    }
    features(block.examples, Eigen::all) = own.transpose();
}

}  // namespace

Matrix path_features(const TokenSequences& set, const HeadLayers& layers, AttentionKind kind,
                     Readout readout) {
    check_set(set, readout);
    if (layers.empty()) throw DataError("a network without attention layers has no path features");
    const Index input_width = set.x.rows();
    const Index examples = set.x.cols() / set.tokens;
    std::vector<Index> heads;
    std::vector<std::size_t> mapped;  // layers whose attention comes with the examples
    for (std::size_t layer = 0; layer < layers.size(); ++layer) {
        if (layers[layer].empty()) throw DataError(fmt::format("layer {} has no heads", layer + 1));
        heads.push_back(static_cast<Index>(layers[layer].size()));
        for (std::size_t head = 0; head < layers[layer].size(); ++head)
            check_head(layers[layer][head], input_width, set.tokens, layer, head);
        if (set.maps && set.maps->heads(layer) >= heads.back()) mapped.push_back(layer);
    }
    const Index paths = path_count(heads);

    Matrix features(examples, input_width * paths);
    const Index step = mapped.empty() ? examples : set.maps->examples_at_a_time();
    for (Index first = 0; first < examples; first += step) {
        const Index count = std::min(step, examples - first);
        std::vector<MapBlock> maps(layers.size());
        for (const std::size_t layer : mapped)
            maps[layer] = {first, set.maps->heads(layer), set.tokens, set.maps->read(layer, first, count)};
        for (const auto& [tokens, members] : examples_by_length(set, first, count)) {
            Sources sources;
            Index inner = 0;
            for (std::size_t layer = 0; layer < layers.size(); ++layer) {
                const LayerSetting setting{layer, kind, tokens,
                                           is_single_query(layer, layers.size(), readout)};
                sources.push_back(make_attention_source(layers[layer], setting,
                                                        maps[layer].values.empty() ? nullptr : &maps[layer]));
                for (const AttentionHead& head : layers[layer])
                    inner = std::max(inner, inner_width(head, setting));
            }
            const auto all = static_cast<Index>(members.size());
            const Index size = std::min(all, Blocks(input_width, inner, tokens, paths).examples);
            TokenBlock block;
            block.tokens = tokens;
            block.x = Matrix::Zero(input_width, Blocks::padded(size * tokens));
            block.readout_x = Matrix::Zero(input_width, Blocks::padded(size));
            for (Index start = 0; start < all; start += size) {
                const auto begin = members.begin() + start;
                fill(set, readout, {begin, begin + std::min(size, all - start)}, block);
                add_features(block, sources, heads, readout, features);
            }
        }
    }
    return features;
}

double path_feature_error(const TokenSequences& set, const HeadLayers& layers,
                          const std::vector<Index>& examples) {
    constexpr Index sample = 64;
    const auto all = static_cast<Index>(examples.size());
    const Index count = std::min(all, sample);
    const auto tokens_of = [&](Index example) { return set.x.middleCols(example * set.tokens, set.tokens); };
    double paths = 1;
    double score_sizes = 0;  // sum over layers of the largest |x_s| |W x_t|
    for (const std::vector<AttentionHead>& layer : layers) {
        paths *= static_cast<double>(layer.size());
        double largest = 0;
        for (const AttentionHead& head : layer)
            for (Index i = 0; i < count && head.has_scores(); ++i)
                largest = std::max(
                    largest,
                    score_size(head, tokens_of(examples[static_cast<std::size_t>(i * all / count)])));
        score_sizes += largest;
    }
    double token_norm = 0;
    for (const Index example : examples)
        token_norm = std::max(token_norm, tokens_of(example).colwise().norm().maxCoeff());
    return 4 * unit_roundoff * (static_cast<double>(layers.size()) + score_sizes) * token_norm *
           std::sqrt(paths);
}

HeadLayers leading_heads(const HeadLayers& layers, const std::vector<Index>& heads) {
    if (heads.size() > layers.size())
        throw UsageError(
            fmt::format("depth {} was asked for, but the data set has attention heads for {} layer(s)",
                        heads.size(), layers.size()));
    HeadLayers leading;
    for (std::size_t layer = 0; layer < heads.size(); ++layer) {
        const auto available = static_cast<Index>(layers[layer].size());
        if (heads[layer] < 1 || heads[layer] > available)
            throw UsageError(fmt::format(
                "heads = {} was asked for in layer {}, but the data set has {} there; choose 1 to {}",
                heads[layer], layer + 1, available, available));
        leading.emplace_back(layers[layer].begin(), layers[layer].begin() + heads[layer]);
    }
    return leading;
}

}  // namespace attnpaths
