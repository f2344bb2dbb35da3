#include "base/error.hpp"
#include "datasets/dataset_file.hpp"
#include "datasets/head_counts.hpp"
#include "network/score_bias.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <set>

namespace attnpaths {

namespace {

std::string group_of(const ExampleSet& set) {
    return set.name == "test" ? "/test" : "/test-" + set.name;
}

/// Index of the first value that is not finite, or -1.
Index first_not_finite(const Matrix& matrix) {
    if (matrix.allFinite()) return -1;
    for (Index i = 0; i < matrix.size(); ++i)
        if (!std::isfinite(matrix.data()[i])) return i;
    return -1;
}

void check_set(const ExampleSet& set, const std::string& where, const Dataset& dataset,
               bool has_targets = true) {
    const Index width = dataset.input_width;
    const Index paths = path_count(dataset.heads());
    const bool has_x = set.has_tokens();
    if (has_x == (set.xi.size() > 0))
        throw DataError(has_x ? fmt::format("{}: gives both x and xi; keep one of them", where)
                              : fmt::format("{}: is empty; give at least one example", where));
    if (has_targets && set.y.size() == 0)
        throw DataError(fmt::format("{}/y: is empty; give one target per example", where));
    if (has_targets && set.y.cols() != dataset.train.y.cols())
        throw DataError(fmt::format("{}/y: has {} output(s) per example, /train/y has {}; they must agree",
                                    where, set.y.cols(), dataset.train.y.cols()));

    Index examples = set.xi.rows();
    if (has_x) {
        if (set.tokens < 1 || set.x.cols() % set.tokens != 0)
            throw DataError(fmt::format("{}/x: {} token columns are not whole examples of {} tokens", where,
                                        set.x.cols(), set.tokens));
        examples = set.sequences();
        if (set.token_width() != width)
            throw DataError(fmt::format("{}/x: has shape [{}, {}, {}], expected [{}, {}, {}] (N0 = {})",
                                        where, examples, set.token_width(), set.tokens, examples, width,
                                        set.tokens, width));
    } else if (set.xi.cols() != width * paths) {
        throw DataError(fmt::format(
            "{}/xi: has {} values per example, expected N0 * n = {} * {} = {} for heads {}", where,
            set.xi.cols(), width, paths, width * paths, head_counts_text(dataset.heads())));
    }
    if (examples != set.y.rows())
        throw DataError(fmt::format("{}: {} has {} examples but y has {}; they must agree", where,
                                    has_x ? "x" : "xi", examples, set.y.rows()));

    if (const Index bad = first_not_finite(set.x); bad >= 0) {
        const Index column = bad / width;
        throw DataError(fmt::format(
            "{}/x: example {}, feature {}, token {} (counted from 0) is {}; values must be finite", where,
            column / set.tokens, bad % width, column % set.tokens, set.x.data()[bad]));
    }
    if (const Index bad = first_not_finite(set.xi); bad >= 0) {
        const Index column = bad / set.xi.rows();
        throw DataError(fmt::format(
            "{}/xi: example {}, feature {}, path {} (counted from 0) is {}; values must be finite", where,
            bad % set.xi.rows(), column % width, column / width, set.xi.data()[bad]));
    }
    if (const Index bad = first_not_finite(set.y); bad >= 0)
        throw DataError(
            fmt::format("{}/y: example {}, output {} (counted from 0) is {}; values must be finite", where,
                        bad % set.y.rows(), bad / set.y.rows(), set.y.data()[bad]));
}

/// Messages give shapes as they are in a file: the heads of a layer stacked.
void check_weights(const Matrix& weights, std::size_t heads, Index rows, Index columns,
                   const std::string& object) {
    if (weights.rows() != rows || weights.cols() != columns)
        throw DataError(fmt::format("{}: has shape [{}, {}, {}], expected [{}, {}, {}]", object, heads,
                                    weights.rows(), weights.cols(), heads, rows, columns));
    if (const Index bad = first_not_finite(weights); bad >= 0)
        throw DataError(
            fmt::format("{}: row {}, column {} (counted from 0) of a head is {}; values must be finite",
                        object, bad % rows, bad / rows, weights.data()[bad]));
}

/// Biases are for the longest sequences; shorter ones use their leading part.
void check_biases(const AttentionHead& head, std::size_t heads, Index tokens, const std::string& where) {
    const auto check = [&](const auto& bias, Index rows, Index columns, const std::string& name,
                           bool may_mask) {
        if (bias.size() == 0) return;
        const std::string object = where + "/" + name;
        if (bias.rows() != rows || bias.cols() != columns)
            throw DataError(fmt::format(
                "{}: has {} numbers per head, expected {} for {} head(s) and sequences of {} tokens", object,
                bias.size(), rows * columns, heads, tokens));
        for (const double value : bias.reshaped())
            if (!std::isfinite(value) && !(may_mask && value < 0))
                throw DataError(fmt::format("{}: holds {}; values must be finite{}", object, value,
                                            may_mask ? ", or -inf where a key is masked" : ""));
    };
    check(head.query_bias, head.query.rows(), 1, "q_bias", false);
    check(head.key_bias, head.key.rows(), 1, "k_bias", false);
    check(head.bias, tokens, tokens, "bias", true);
    check(head.relative_bias, 2 * tokens - 1, 1, "relative_bias", true);
}

/// Whether every token of a set has a key that the biases of a head do not mask.
void check_keys(const ExampleSet& set, const AttentionHead& head, const std::string& where,
                const std::string& layer) {
    const bool masks = (head.bias.size() > 0 && !head.bias.allFinite()) ||
                       (head.relative_bias.size() > 0 && !head.relative_bias.allFinite());
    const Index different = set.mask.size() > 0 ? set.examples() : 1;
    for (Index example = 0; masks && example < different; ++example) {
        const std::vector<Index> positions = token_positions(set, example);
        const auto tokens = static_cast<Index>(positions.size());
        Matrix scores = Matrix::Zero(tokens, tokens);
        add_position_bias(head, positions, positions, scores);
        for (Index query = 0; query < tokens; ++query)
            if (!(scores.col(query).maxCoeff() > -std::numeric_limits<double>::infinity()))
                throw DataError(
                    fmt::format("{}: example {}, token {} (counted from 0): the biases of {} mask all its "
                                "keys; leave it one",
                                where, example, positions[static_cast<std::size_t>(query)], layer));
    }
}

/// @param tokens  of the sets with tokens, or empty if weights are not needed
void check_layer(const std::vector<AttentionHead>& layer, Index width, bool is_mapped,
                 const std::set<Index>& tokens, const std::string& where) {
    if (layer.empty()) throw DataError(where + ": has no heads");
    const bool product = layer.front().W.size() > 0;
    const bool factors = layer.front().key.size() > 0 || layer.front().query.size() > 0;
    const bool shared = layer.front().attention.size() > 0;
    if (!product && !factors && !shared && !is_mapped && !tokens.empty())
        throw DataError(
            where +
            ": heads have no weights; they are needed because a set gives tokens x and not path features xi");
    for (const AttentionHead& head : layer) {
        const bool has_factors = head.key.size() > 0 || head.query.size() > 0;
        if (head.W.size() > 0 && has_factors)
            throw DataError(where + ": gives both W and Q, K; keep one of them");
        if ((head.W.size() > 0) != product || has_factors != factors || (head.attention.size() > 0) != shared)
            throw DataError(where +
                            ": some heads give W and some Q and K, or attention; use one form for a layer");
        for (const Index length : tokens)
            if (shared && head.attention.rows() != length)
                throw DataError(fmt::format("{}/attention: has shape [{}, {}, {}], but a set has {} tokens",
                                            where, layer.size(), head.attention.cols(), head.attention.rows(),
                                            length));
        if (!tokens.empty()) check_biases(head, layer.size(), *tokens.rbegin(), where);
        if (product) check_weights(head.W, layer.size(), width, width, where + "/W");
        if (factors) {
            check_weights(head.key, layer.size(), layer.front().key.rows(), width, where + "/K");
            check_weights(head.query, layer.size(), layer.front().key.rows(), width, where + "/Q");
        }
    }
}

}  // namespace

void check_dataset(const Dataset& dataset, const std::string& file) {
    if (dataset.input_width < 1)
        throw DataError(file + ": the input width N0 is 0; give at least one feature per token");
    if (dataset.layers.empty()) throw DataError(file + ": /heads: has no layers; give at least layer1");
    std::set<Index> tokens;
    if (dataset.train.has_tokens()) tokens.insert(dataset.train.tokens);
    for (const ExampleSet& test : dataset.tests)
        if (test.has_tokens()) tokens.insert(test.tokens);
    if (dataset.unlabelled.has_tokens()) tokens.insert(dataset.unlabelled.tokens);
    for (std::size_t layer = 0; layer < dataset.layers.size(); ++layer)
        check_layer(dataset.layers[layer], dataset.input_width,
                    dataset.train.maps && dataset.train.maps->heads(layer) > 0, tokens,
                    fmt::format("{}: /heads/layer{}", file, layer + 1));

    const auto check_all_keys = [&](const ExampleSet& set, const std::string& where) {
        for (std::size_t layer = 0; layer < dataset.layers.size() && set.has_tokens(); ++layer)
            for (const AttentionHead& head : dataset.layers[layer])
                check_keys(set, head, where, fmt::format("/heads/layer{}", layer + 1));
    };
    check_set(dataset.train, file + ": /train", dataset);
    check_all_keys(dataset.train, file + ": /train");
    if (dataset.unlabelled.examples() > 0) {
        check_set(dataset.unlabelled, file + ": /unlabelled", dataset, false);
        check_all_keys(dataset.unlabelled, file + ": /unlabelled");
    }
    if (dataset.tests.empty() || dataset.tests.front().name != "test")
        throw DataError(file + ": /test is missing; give a test set /test/x, /test/y");
    std::set<std::string> names{"train"};
    for (const ExampleSet& test : dataset.tests) {
        if (test.name.empty() || !names.insert(test.name).second)
            throw DataError(
                fmt::format("{}: /test-{}: \"{}\" cannot name a further test set; choose another name", file,
                            test.name, test.name));
        check_set(test, file + ": " + group_of(test), dataset);
        check_all_keys(test, file + ": " + group_of(test));
    }
}

}  // namespace attnpaths
