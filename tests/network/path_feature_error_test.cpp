#include "network/path_feature_error.hpp"

#include "base/random_stream.hpp"
#include "base/rounding.hpp"
#include "network/path_features.hpp"

#include <gtest/gtest.h>

#include <numeric>

namespace attnpaths {
namespace {

constexpr Index wide_width = 60;
constexpr Index wide_tokens = 12;
constexpr Index wide_examples = 8;

Matrix normal_matrix(Index rows, Index columns, double scale, std::uint64_t number) {
    RandomStream stream(1, "path-feature-error-test", number);
    return Matrix::NullaryExpr(rows, columns, [&](Index, Index) { return scale * stream.normal(); });
}

/// Scores of up to a hundred or so, sums of terms that are much larger.
HeadLayers strong_heads() {
    HeadLayers layers(2);
    for (std::uint64_t head = 0; head < 4; ++head) {
        layers[head / 2].emplace_back();
        layers[head / 2].back().W = normal_matrix(wide_width, wide_width, 0.5, head);
    }
    return layers;
}

/// Features by their definition [N0, n], in extended precision throughout.
WideMatrix features_by_definition(const Matrix& tokens_of_example, const HeadLayers& layers) {
    const WideMatrix x = tokens_of_example.cast<long double>();
    WideMatrix above = WideMatrix::Zero(x.cols(), 1);
    above(x.cols() - 1, 0) = 1;
    for (std::size_t layer = layers.size(); layer-- > 0;) {
        WideMatrix below(x.cols(), 0);
        for (const AttentionHead& head : layers[layer]) {
            WideMatrix weights = x.transpose() * (head.W.cast<long double>() * x);
            for (Index t = 0; t < weights.cols(); ++t) {
                weights.col(t) = (weights.col(t).array() - weights.col(t).maxCoeff()).exp().matrix().eval();
                weights.col(t) /= weights.col(t).sum();
            }
            WideMatrix joined(x.cols(), below.cols() + above.cols());
            joined << below, weights * above;
            below = joined;
        }
        above = below;
    }
    return x * above;
}

struct Truth {
    double largest = 0;         ///< error of an example's features
    double of_the_precise = 0;  ///< of precise_path_features
};

Truth true_errors(const TokenSequences& set, const HeadLayers& layers, const Matrix& features,
                  const WideMatrix& precise) {
    Truth truth;
    for (Index example = 0; example < wide_examples; ++example) {
        const WideMatrix exact =
            features_by_definition(set.x.middleCols(example * wide_tokens, wide_tokens), layers)
                .reshaped(1, features.cols());
        const auto norm = [](const WideMatrix& difference) { return difference.cast<double>().norm(); };
        truth.largest = std::max(truth.largest, norm(features.row(example).cast<long double>() - exact));
        truth.of_the_precise = std::max(truth.of_the_precise, norm(precise.row(example) - exact));
    }
    return truth;
}

std::vector<Index> all_examples() {
    std::vector<Index> all(wide_examples);
    std::iota(all.begin(), all.end(), Index{0});
    return all;
}

/// |x| |W x| roundoffs, as the error was once estimated, are a thousand times as much.
TEST(PathFeatureError, IsTheTrueErrorWithinAFactorOfTwo) {
    const TokenSequences set{normal_matrix(wide_width, wide_tokens * wide_examples, 1, 9), wide_tokens};
    const HeadLayers layers = strong_heads();
    const Matrix features = path_features(set, layers, AttentionKind::softmax, Readout::last);
    const WideMatrix precise =
        precise_path_features(set, layers, AttentionKind::softmax, Readout::last, all_examples());
    const Truth truth = true_errors(set, layers, features, precise);
    const double error =
        largest_token(set, all_examples()) *
        path_feature_error(set, layers, AttentionKind::softmax, Readout::last, all_examples());
    EXPECT_GE(error, truth.largest * (1 - 1e-3));
    EXPECT_LE(error, 2 * truth.largest);
    EXPECT_LE(truth.of_the_precise, 1e-2 * truth.largest);
}

/// Of exact features (one token: weights of one) no more is claimed than a rounding per layer.
TEST(PathFeatureError, OfExactFeaturesIsARounding) {
    const TokenSequences set{normal_matrix(wide_width, wide_examples, 1, 9), 1};
    const HeadLayers layers = strong_heads();
    const Matrix features = path_features(set, layers, AttentionKind::softmax, Readout::last);
    const double error =
        largest_token(set, all_examples()) *
        path_feature_error(set, layers, AttentionKind::softmax, Readout::last, all_examples());
    EXPECT_DOUBLE_EQ(error, 2 * 2 * unit_roundoff * set.x.colwise().norm().maxCoeff());
}

/// What a hardmax chooses between two equal scores is no error.
TEST(PathFeatureError, HardmaxCountsAsExact) {
    TokenSequences set{normal_matrix(wide_width, wide_tokens * wide_examples, 1, 9), wide_tokens};
    HeadLayers layers = strong_heads();
    layers[0][0].W.setConstant(0.1);
    const Matrix features = path_features(set, layers, AttentionKind::hardmax, Readout::average);
    EXPECT_LE(largest_token(set, all_examples()) *
                  path_feature_error(set, layers, AttentionKind::hardmax, Readout::average, all_examples()),
              1e-13);
}

TEST(PrecisePathFeatures, AreThoseOfTheExamplesAskedForInAnyForm) {
    TokenSequences set{normal_matrix(wide_width, wide_tokens * wide_examples, 1, 9), wide_tokens};
    set.mask = TokenMask::Constant(wide_tokens, wide_examples, true);
    set.mask(wide_tokens - 1, 2) = set.mask(0, 5) = false;
    HeadLayers layers(1);
    for (std::uint64_t number = 0; number < 2; ++number) {
        AttentionHead head;
        head.key = normal_matrix(3 + 60 * static_cast<Index>(number), wide_width, 0.3, 10 + number);
        head.query = normal_matrix(3 + 60 * static_cast<Index>(number), wide_width, 0.3, 20 + number);
        if (number == 0) {
            head.key_bias = normal_matrix(3, 1, 1, 30);
            head.query_bias = normal_matrix(3, 1, 1, 31);
        }
        head.causal = true;
        head.bias = normal_matrix(wide_tokens, wide_tokens, 1, 32);
        layers[0].push_back(head);
    }
    const Matrix features = path_features(set, layers, AttentionKind::softmax, Readout::average);
    const std::vector<Index> some{1, 2, 5, 6};
    const WideMatrix precise =
        precise_path_features(set, layers, AttentionKind::softmax, Readout::average, some);
    ASSERT_EQ(precise.rows(), 4);
    EXPECT_LE((features(some, Eigen::all) - precise.cast<double>()).cwiseAbs().maxCoeff(), 1e-13);
}

TEST(TwofoldProduct, KeepsTwiceTheDigits) {
    const Matrix a = normal_matrix(7, 300, 1e3, 40);
    const Matrix b = normal_matrix(300, 5, 1, 41);
    const Twofold once = twofold_product(twofold(a), twofold(b));
    const WideMatrix exact = a.cast<long double>() * b.cast<long double>();
    const auto value = [](const Twofold& m) -> WideMatrix {
        return m.high.cast<long double>() + m.low.cast<long double>();
    };
    // The reference itself is rounded to 64 bits.
    EXPECT_LE((value(once) - exact).cwiseAbs().maxCoeff(), 1e-13L);
    const Matrix c = normal_matrix(4, 7, 1, 42);
    const WideMatrix chain = c.cast<long double>() * exact;
    EXPECT_LE((value(twofold_product(twofold(c), once)) - chain).cwiseAbs().maxCoeff(), 1e-12L);
}

}  // namespace
}  // namespace attnpaths
