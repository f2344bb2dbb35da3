#include "network/path_features.hpp"

#include "base/error.hpp"
#include "network/attention.hpp"
#include "network/scores.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace attnpaths {

namespace {

/// Examples that are worked on together. The products with head weights then are large, and the temporaries
/// stay near 32 MB. Sizes of blocks depend on the shapes of one example only, or on how many there are left;
/// every product that covers several examples has a multiple of 8 columns and at least 32, and at least a
/// million multiplications or those of a whole block: for smaller ones some BLAS libraries have kernels of
/// their own. All columns then are treated alike, and the features of an example are the same to the last bit
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

    /// Columns of a matrix that has `columns` of a block's `all` ones.
    /// @param map_size  elements of the smallest matrix that it is multiplied with
    [[nodiscard]] static Index padded(Index columns, Index all, Index map_size) {
        const Index least = std::min(all, 1'000'000 / map_size + 1);
        return std::max<Index>(32, (std::max(columns, least) + 7) / 8 * 8);
    }
};

template <class Scalar>
using Sources = std::vector<std::unique_ptr<AttentionSource<Scalar>>>;

/// Whether only the query that is read out counts in a layer.
bool is_single_query(std::size_t layer, std::size_t depth, Readout readout) {
    return layer + 1 == depth && readout != Readout::average;
}

/// Checks the shape of a set.
void check_set(const TokenSequences& set, Readout readout) {
    if (set.tokens < 1 || set.token_width() < 1 || set.x.cols() % set.tokens != 0)
        throw DataError(fmt::format("tokens of shape [{}, {}] do not make examples of {} tokens each",
                                    set.x.rows(), set.x.cols(), set.tokens));
    const Index examples = set.sequences();
    if (set.mask.size() > 0 && (set.mask.rows() != set.tokens || set.mask.cols() != examples))
        throw DataError(fmt::format("a mask of shape [{}, {}] does not fit {} examples of {} tokens",
                                    set.mask.cols(), set.mask.rows(), examples, set.tokens));
    if (readout == Readout::index && static_cast<Index>(set.readout.size()) != examples)
        throw DataError(fmt::format("{} examples have {} tokens to be read out; name one for each", examples,
                                    set.readout.size()));
}

/// Checks what a set says of an example.
/// @param x  its tokens [N0, tokens]
template <class Tokens>
void check_example(const TokenSequences& set, Readout readout, Index example, const Tokens& x) {
    if (set.mask.size() > 0 && !set.mask.col(example).any())
        throw DataError(fmt::format("example {} (counted from 0) has no token", example));
    if (readout == Readout::index) {
        const Index token = set.readout[static_cast<std::size_t>(example)];
        if (token < 0 || token >= set.tokens || (set.mask.size() > 0 && !set.mask(token, example)))
            throw DataError(
                fmt::format("example {} is read out at token {} (counted from 0), which it "
                            "does not have",
                            example, token));
    }
    if (x.allFinite()) return;
    for (Index token = 0; token < set.tokens; ++token)
        for (Index row = 0; row < x.rows(); ++row)
            if (!std::isfinite(x(row, token)) && (set.mask.size() == 0 || set.mask(token, example)))
                throw DataError(fmt::format("x of example {}, feature {}, token {} is {} (counted from 0)",
                                            example, row, token, x(row, token)));
}

/// How many examples lie between two reads of maps or tokens; all of them where both are held.
Index window_of(const TokenSequences& set, bool is_mapped) {
    Index window = set.sequences();
    if (is_mapped) window = set.maps->examples_at_a_time();
    if (set.source) window = std::min(window, set.source->examples_at_a_time());
    return window;
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
void fill(const TokenSequences& set, const TokenWindow& window, Readout readout, std::vector<Index> examples,
          TokenBlock& block) {
    const auto count = static_cast<Index>(examples.size());
    block.examples = std::move(examples);
    block.readout.clear();
    block.positions.clear();
    for (Index place = 0; place < count; ++place) {
        const Index example = block.examples[static_cast<std::size_t>(place)];
        std::vector<Index> positions = token_positions(set, example);
        const auto own = window.of(example);
        block.x.middleCols(place * block.tokens, block.tokens) = own(Eigen::all, positions);
        block.readout.push_back(readout_place(set, example, positions, readout));
        block.readout_x.col(place) = block.x.col(place * block.tokens + block.readout.back());
        block.positions.push_back(std::move(positions));
    }
    // readout_x keeps columns of an earlier block where this one is smaller: of no influence on the others.
    block.x.rightCols(block.x.cols() - count * block.tokens).setZero();
}

/// Features of the examples of a block, from the readout down to layer 1, written to these rows.
template <class Scalar>
void add_features(const TokenBlock& block, const Sources<Scalar>& sources, const std::vector<Index>& heads,
                  Readout readout, const std::vector<Index>& rows, MatrixOf<Scalar>& features) {
    const auto count = static_cast<Index>(block.examples.size());
    const Index tokens = block.tokens;
    // b of the partial paths above a layer, [queries of that layer, paths from it to the readout], example by
    // example.
    const Index readouts = readout == Readout::average ? tokens : 1;
    std::vector<MatrixOf<Scalar>> above(
        static_cast<std::size_t>(count),
        MatrixOf<Scalar>::Constant(readouts, 1, 1 / static_cast<Scalar>(readouts)));
    MatrixOf<Scalar> omega, product;
    for (std::size_t layer = sources.size(); layer-- > 0;) {
        const Index partial = above.front().cols();
        std::vector<MatrixOf<Scalar>> below(static_cast<std::size_t>(count),
                                            MatrixOf<Scalar>(tokens, heads[layer] * partial));
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
    // Written to rows of `features` together, for the sake of the cache.
    MatrixOf<Scalar> own(features.cols(), count);
    for (Index example = 0; example < count; ++example) {
        const auto e = static_cast<std::size_t>(example);
        product.noalias() = block.x.middleCols(example * tokens, tokens).template cast<Scalar>() * above[e];
        if (!product.allFinite())
            throw DataError(fmt::format(
                "path features of example {} are not finite; its tokens are too large", block.examples[e]));
        own.col(example) = product.reshaped();
    }
    features(rows, Eigen::all) = own.transpose();
}

/// Path features of these examples, ascending, in the precision of `Scalar`; [examples, N0 n].
/// @param largest_token  raised to the largest norm of one of their tokens, unless null
template <class Scalar>
MatrixOf<Scalar> features_of(const TokenSequences& set, const HeadLayers& layers, AttentionKind kind,
                             Readout readout, const std::vector<Index>& examples,
                             double* largest_token = nullptr) {
    check_set(set, readout);
    if (layers.empty()) throw DataError("a network without attention layers has no path features");
    const Index input_width = set.token_width();
    const std::vector<Index> heads = head_counts_of(layers);
    std::vector<std::size_t> mapped;  // layers whose attention comes with the examples
    for (std::size_t layer = 0; layer < layers.size(); ++layer) {
        if (layers[layer].empty()) throw DataError(fmt::format("layer {} has no heads", layer + 1));
        for (std::size_t head = 0; head < layers[layer].size(); ++head)
            check_head(layers[layer][head], input_width, set.tokens, layer, head);
        if (set.maps && set.maps->heads(layer) >= heads[layer]) mapped.push_back(layer);
    }
    const Index paths = path_count(heads);

    MatrixOf<Scalar> features(static_cast<Index>(examples.size()), input_width * paths);
    const Index step = window_of(set, !mapped.empty());
    auto next = examples.begin();
    while (next != examples.end()) {
        const auto begin_of_step = next;
        const Index first = *begin_of_step;
        next = std::lower_bound(next, examples.end(), (first / step + 1) * step);
        const Index count = *std::prev(next) + 1 - first;
        const TokenWindow window(set, first, count);
        if (largest_token != nullptr)
            for (auto example = begin_of_step; example != next; ++example)
                *largest_token = std::max(*largest_token, window.longest_token(*example));
        for (auto example = begin_of_step; example != next; ++example)
            check_example(set, readout, *example, window.of(*example));
        std::vector<MapBlock> maps(layers.size());
        for (const std::size_t layer : mapped)
            maps[layer] = {first, set.maps->heads(layer), set.tokens, set.maps->read(layer, first, count)};
        for (const auto& [tokens, members] : examples_by_length(set, {begin_of_step, next})) {
            Sources<Scalar> sources;
            Index inner = 0;
            Index narrowest = input_width;
            for (std::size_t layer = 0; layer < layers.size(); ++layer) {
                const LayerSetting setting{layer, kind, tokens,
                                           is_single_query(layer, layers.size(), readout)};
                sources.push_back(make_attention_source<Scalar>(
                    layers[layer], setting, maps[layer].values.empty() ? nullptr : &maps[layer]));
                for (const AttentionHead& head : layers[layer])
                    if (const Index own = inner_width(head, tokens, setting.single_query); own > 0) {
                        inner = std::max(inner, own);
                        narrowest = std::min(narrowest, own);
                    }
            }
            const auto all = static_cast<Index>(members.size());
            const Index most = Blocks(input_width, inner, tokens, paths).examples;
            const Index size = std::min(all, most);
            const Index map_size = input_width * narrowest;
            TokenBlock block;
            block.tokens = tokens;
            block.x = Matrix::Zero(input_width, Blocks::padded(size * tokens, most * tokens, map_size));
            block.readout_x = Matrix::Zero(input_width, Blocks::padded(size, most, map_size));
            for (Index start = 0; start < all; start += size) {
                const auto begin = members.begin() + start;
                fill(set, window, readout, {begin, begin + std::min(size, all - start)}, block);
                std::vector<Index> rows;
                for (const Index example : block.examples)
                    rows.push_back(std::lower_bound(examples.begin(), examples.end(), example) -
                                   examples.begin());
                add_features(block, sources, heads, readout, rows, features);
            }
        }
    }
    return features;
}

}  // namespace

Matrix path_features(const TokenSequences& set, const HeadLayers& layers, AttentionKind kind,
                     Readout readout) {
    std::vector<Index> all(static_cast<std::size_t>(set.sequences()));
    std::iota(all.begin(), all.end(), Index{0});
    return features_of<double>(set, layers, kind, readout, all);
}

Matrix path_features(const TokenSequences& set, const HeadLayers& layers, AttentionKind kind, Readout readout,
                     const std::vector<Index>& examples, double* largest_token) {
    return features_of<double>(set, layers, kind, readout, examples, largest_token);
}

WideMatrix precise_path_features(const TokenSequences& set, const HeadLayers& layers, AttentionKind kind,
                                 Readout readout, const std::vector<Index>& examples) {
    return features_of<long double>(set, layers, kind, readout, examples);
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
