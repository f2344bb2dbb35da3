#include "network/path_features.hpp"

#include "base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace attnpaths {

namespace {

/// Scores as inner products: (left x_s).(right x_t), an empty `left` being the identity. The 1/sqrt(G) is in
/// `right`.
struct ScoreMaps {
    Matrix left;
    Matrix right;
};

std::string shape_text(const Matrix& matrix) {
    return fmt::format("[{}, {}]", matrix.rows(), matrix.cols());
}

std::string head_label(std::size_t layer, std::size_t head, const std::string& name) {
    const std::string place = fmt::format("layer {} head {}", layer + 1, head + 1);
    return name.empty() ? place : fmt::format("{} (\"{}\")", place, name);
}

void check_head(const AttentionHead& head, Index input_width, const std::string& label) {
    if (head.W.size() > 0) {
        if (head.W.rows() != input_width || head.W.cols() != input_width)
            throw DataError(fmt::format("{}: W is {}, the tokens need [{}, {}]", label, shape_text(head.W),
                                        input_width, input_width));
        return;
    }
    if (head.key.size() == 0 && head.query.size() == 0)
        throw DataError(label + " has no weights: give W, or Q and K, to compute path features from tokens");
    if (head.key.cols() != input_width || head.query.cols() != input_width ||
        head.key.rows() != head.query.rows())
        throw DataError(fmt::format("{}: K is {} and Q is {}, the tokens need [G, {}] for both", label,
                                    shape_text(head.key), shape_text(head.query), input_width));
}

/// The cheaper way to the scores of `tokens` keys with `queries` queries. The choice depends on sizes only,
/// never on the number of examples, so that an example's features do not depend on the set that it is in.
ScoreMaps score_maps(const AttentionHead& head, Index tokens, Index queries) {
    if (head.W.size() > 0) return {Matrix(), head.W};
    const auto width = static_cast<double>(head.key.cols());
    const auto inner = static_cast<double>(head.key.rows());
    const auto keys = static_cast<double>(tokens);
    const auto columns = static_cast<double>(queries);
    const double through_product = width * width * columns + keys * columns * width;
    const double through_factors = inner * width * (keys + columns) + keys * columns * inner;
    const double scale = 1 / std::sqrt(inner);
    if (through_product <= through_factors) return {Matrix(), scale * (head.key.transpose() * head.query)};
    return {head.key, scale * head.query};
}

/// Turns scores into attention, column by column. @returns false if a score is not finite.
bool normalise(Matrix& scores, AttentionKind kind) {
    if (!scores.allFinite()) return false;
    for (Index query = 0; query < scores.cols(); ++query) {
        auto column = scores.col(query).array();
        if (kind == AttentionKind::softmax) {
            // The largest score is subtracted first: exp then never overflows and the sum is at least 1.
            column = (column - column.maxCoeff()).exp();
            column /= column.sum();
        } else {
            Index largest = 0;
            for (Index key = 1; key < column.size(); ++key)
                if (column(key) > column(largest)) largest = key;
            column.setZero();
            column(largest) = 1;
        }
    }
    return true;
}

/// Examples that are worked on together. The products with head weights then are large, and the temporaries
/// stay near 32 MB. Sizes of blocks depend on the shapes of one example only and the last block is filled up
/// with zeros; every product that covers several examples has a multiple of 8 columns and at least 32.
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

struct Layer {
    Index queries;  ///< query columns whose attention is needed: all tokens, or the one that is read out
    std::vector<ScoreMaps> heads;
};

/// The layers' score maps, checked against the width of the tokens.
std::vector<Layer> prepare(const HeadLayers& layers, Index input_width, Index tokens, Readout readout) {
    std::vector<Layer> prepared;
    for (std::size_t layer = 0; layer < layers.size(); ++layer) {
        if (layers[layer].empty()) throw DataError(fmt::format("layer {} has no heads", layer + 1));
        const bool single_query = layer + 1 == layers.size() && readout != Readout::average;
        Layer next{single_query ? 1 : tokens, {}};
        for (std::size_t head = 0; head < layers[layer].size(); ++head) {
            const AttentionHead& weights = layers[layer][head];
            check_head(weights, input_width, head_label(layer, head, weights.name));
            next.heads.push_back(score_maps(weights, tokens, next.queries));
        }
        prepared.push_back(std::move(next));
    }
    return prepared;
}

void check_tokens(const Matrix& x, Index tokens) {
    if (tokens < 1 || x.rows() < 1 || x.cols() % tokens != 0)
        throw DataError(
            fmt::format("tokens of shape {} do not make examples of {} tokens each", shape_text(x), tokens));
    if (x.allFinite()) return;
    for (Index column = 0; column < x.cols(); ++column)
        for (Index row = 0; row < x.rows(); ++row)
            if (!std::isfinite(x(row, column)))
                throw DataError(fmt::format("x of example {}, feature {}, token {} is {} (counted from 0)",
                                            column / tokens, row, column % tokens, x(row, column)));
}

}  // namespace

Matrix attention(const AttentionHead& head, const Eigen::Ref<const Matrix>& x, AttentionKind kind) {
    check_head(head, x.rows(),
               head.name.empty() ? "attention head" : fmt::format("attention head \"{}\"", head.name));
    const ScoreMaps maps = score_maps(head, x.cols(), x.cols());
    const Matrix mapped_queries = maps.right * x;
    Matrix scores = maps.left.size() > 0 ? Matrix((maps.left * x).transpose() * mapped_queries)
                                         : Matrix(x.transpose() * mapped_queries);
    if (!normalise(scores, kind))
        throw DataError("attention scores are not finite; the tokens or weights are too large");
    return scores;
}

Matrix path_features(const Matrix& x, Index tokens, const HeadLayers& layers, AttentionKind kind,
                     Readout readout) {
    check_tokens(x, tokens);
    if (layers.empty()) throw DataError("a network without attention layers has no path features");
    const Index input_width = x.rows();
    const Index examples = x.cols() / tokens;
    const std::vector<Layer> prepared = prepare(layers, input_width, tokens, readout);
    Index paths = 1;
    Index inner_width = 0;
    for (const Layer& layer : prepared) {
        paths *= static_cast<Index>(layer.heads.size());
        for (const ScoreMaps& maps : layer.heads) inner_width = std::max(inner_width, maps.left.rows());
    }

    const Index block = Blocks(input_width, inner_width, tokens, paths).examples;
    Matrix block_x = Matrix::Zero(input_width, Blocks::padded(block * tokens));
    Matrix readout_x = Matrix::Zero(input_width, Blocks::padded(block));
    Matrix block_features(input_width * paths, block);
    Matrix features(examples, input_width * paths);
    Matrix mapped_keys, mapped_queries, scores, product;
    const Index readout_token = readout == Readout::last ? tokens - 1 : 0;

    for (Index first = 0; first < examples; first += block) {
        const Index count = std::min(block, examples - first);
        block_x.leftCols(count * tokens) = x.middleCols(first * tokens, count * tokens);
        block_x.rightCols(block_x.cols() - count * tokens).setZero();
        for (Index example = 0; example < count; ++example)
            readout_x.col(example) = block_x.col(example * tokens + readout_token);

        // b of the partial paths above a layer, [queries of that layer, paths from it to the readout],
        // example by example.
        const Index readouts = readout == Readout::average ? tokens : 1;
        std::vector<Matrix> above(static_cast<std::size_t>(count),
                                  Matrix::Constant(readouts, 1, 1 / static_cast<double>(readouts)));
        for (std::size_t layer = prepared.size(); layer-- > 0;) {
            const Index queries = prepared[layer].queries;
            const Matrix& query_x = queries == tokens ? block_x : readout_x;
            const Index partial = above.front().cols();
            const auto heads = static_cast<Index>(prepared[layer].heads.size());
            std::vector<Matrix> below(static_cast<std::size_t>(count), Matrix(tokens, heads * partial));
            for (Index head = 0; head < heads; ++head) {
                const ScoreMaps& maps = prepared[layer].heads[static_cast<std::size_t>(head)];
                mapped_queries.noalias() = maps.right * query_x;
                if (maps.left.size() > 0) mapped_keys.noalias() = maps.left * block_x;
                const Matrix& keys = maps.left.size() > 0 ? mapped_keys : block_x;
                for (Index example = 0; example < count; ++example) {
                    const auto e = static_cast<std::size_t>(example);
                    scores.noalias() = keys.middleCols(example * tokens, tokens).transpose() *
                                       mapped_queries.middleCols(example * queries, queries);
                    if (!normalise(scores, kind))
                        throw DataError(
                            fmt::format("{}: attention scores of example {} are not finite; the tokens or "
                                        "weights are too large",
                                        head_label(layer, static_cast<std::size_t>(head),
                                                   layers[layer][static_cast<std::size_t>(head)].name),
                                        first + example));
                    product.noalias() = scores * above[e];
                    below[e].middleCols(head * partial, partial) = product;
                }
            }
            above = std::move(below);
        }

        for (Index example = 0; example < count; ++example) {
            product.noalias() =
                block_x.middleCols(example * tokens, tokens) * above[static_cast<std::size_t>(example)];
            if (!product.allFinite())
                throw DataError(fmt::format(
                    "path features of example {} are not finite; its tokens are too large", first + example));
            block_features.col(example) = product.reshaped();
        }
        features.middleRows(first, count) = block_features.leftCols(count).transpose();
    }
    return features;
}

double path_feature_error(const Matrix& x, Index tokens, const HeadLayers& layers,
                          const std::vector<Index>& examples) {
    constexpr double unit_roundoff = std::numeric_limits<double>::epsilon() / 2;
    constexpr Index sample = 64;
    const auto all = static_cast<Index>(examples.size());
    const Index count = std::min(all, sample);
    double paths = 1;
    double score_sizes = 0;  // sum over layers of the largest |x_s| |W x_t|
    for (const std::vector<AttentionHead>& layer : layers) {
        paths *= static_cast<double>(layer.size());
        double largest = 0;
        for (const AttentionHead& head : layer) {
            const ScoreMaps maps = score_maps(head, tokens, tokens);
            for (Index i = 0; i < count; ++i) {
                const auto own =
                    x.middleCols(examples[static_cast<std::size_t>(i * all / count)] * tokens, tokens);
                const double keys = maps.left.size() > 0 ? Matrix(maps.left * own).colwise().norm().maxCoeff()
                                                         : own.colwise().norm().maxCoeff();
                largest = std::max(largest, keys * Matrix(maps.right * own).colwise().norm().maxCoeff());
            }
        }
        score_sizes += largest;
    }
    double token_norm = 0;
    for (const Index example : examples)
        token_norm = std::max(token_norm, x.middleCols(example * tokens, tokens).colwise().norm().maxCoeff());
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
