#include "network/attention.hpp"

#include "base/error.hpp"
#include "network/score_bias.hpp"
#include "network/scores.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <type_traits>
#include <utility>

namespace attnpaths {

namespace {

std::string shape_text(const Matrix& matrix) {
    return fmt::format("[{}, {}]", matrix.rows(), matrix.cols());
}

std::string head_label(std::size_t layer, std::size_t head, const std::string& name) {
    const std::string place = fmt::format("layer {} head {}", layer + 1, head + 1);
    return name.empty() ? place : fmt::format("{} (\"{}\")", place, name);
}

void check_weights(const AttentionHead& head, Index input_width, const std::string& label) {
    if (head.W.size() > 0) {
        if (head.W.rows() != input_width || head.W.cols() != input_width)
            throw DataError(fmt::format("{}: W is {}, the tokens need [{}, {}]", label, shape_text(head.W),
                                        input_width, input_width));
        return;
    }
    if (head.key.cols() != input_width || head.query.cols() != input_width ||
        head.key.rows() != head.query.rows())
        throw DataError(fmt::format("{}: K is {} and Q is {}, the tokens need [G, {}] for both", label,
                                    shape_text(head.key), shape_text(head.query), input_width));
}

enum class Normalised { yes, not_finite, all_masked };

/// Turns scores into attention, column by column. Of masked scores (-inf) nothing is left.
template <class Scalar>
Normalised normalise(MatrixOf<Scalar>& scores, AttentionKind kind, bool may_be_masked) {
    constexpr Scalar masked = -std::numeric_limits<Scalar>::infinity();
    const bool is_masked = may_be_masked && (scores.array() == masked).any();
    if (!is_masked && !scores.allFinite()) return Normalised::not_finite;
    for (Index query = 0; query < scores.cols(); ++query) {
        auto column = scores.col(query).array();
        if (is_masked) {
            if (column.isNaN().any() || (column == -masked).any()) return Normalised::not_finite;
            if ((column == masked).all()) return Normalised::all_masked;
        }
        if (kind == AttentionKind::softmax) {
            // The largest score is subtracted first: exp then never overflows and the sum is at least 1.
            const Scalar largest = column.maxCoeff();
            // Eigen's exp of -inf is a tiny number, not 0.
            if (is_masked)
                column = (column == masked).select(0, (column - largest).exp()).eval();
            else
                column = (column - largest).exp();
            column /= column.sum();
        } else {
            Index largest = 0;
            for (Index key = 1; key < column.size(); ++key)
                if (column(key) > column(largest)) largest = key;
            column.setZero();
            column(largest) = 1;
        }
    }
    return Normalised::yes;
}

void check_normalised(Normalised state, const std::string& label, Index example) {
    if (state == Normalised::not_finite)
        throw DataError(
            fmt::format("{}: attention scores of example {} are not finite; the tokens or weights are too "
                        "large",
                        label, example));
    if (state == Normalised::all_masked)
        throw DataError(fmt::format(
            "{}: a query of example {} (counted from 0) has no key that is not masked; leave it one", label,
            example));
}

template <class Scalar>
class ScoredAttention : public AttentionSource<Scalar> {
  public:
    ScoredAttention(const std::vector<AttentionHead>& heads, const LayerSetting& setting)
        : heads_(heads), setting_(setting), scores_(heads, setting.tokens, setting.single_query) {}

    void select(const TokenBlock& block, Index head) override {
        block_ = &block;
        head_ = static_cast<std::size_t>(head);
        scores_.select(block, head_);
    }

    void omega(Index example, MatrixOf<Scalar>& omega) override {
        scores_.of(example, omega);
        const AttentionHead& head = heads_[head_];
        const auto e = static_cast<std::size_t>(example);
        const bool is_biased = has_position_bias(head);
        if (is_biased) {
            const std::vector<Index>& positions = block_->positions[e];
            const Index read = positions[static_cast<std::size_t>(block_->readout[e])];
            const std::span<const Index> all(positions);
            add_position_bias(head, all, setting_.single_query ? std::span<const Index>(&read, 1) : all,
                              omega);
        }
        const Normalised state = normalise(omega, setting_.kind, is_biased);
        if (state != Normalised::yes)
            check_normalised(state, head_label(setting_.layer, head_, head.name), block_->examples[e]);
    }

  private:
    const std::vector<AttentionHead>& heads_;
    LayerSetting setting_;
    std::conditional_t<std::is_same_v<Scalar, double>, Scores, PreciseScores> scores_;
    const TokenBlock* block_ = nullptr;
    std::size_t head_ = 0;
};

/// Attention as it is found in double, to be gone on with in another precision.
template <class Scalar>
class CastAttention : public AttentionSource<Scalar> {
  public:
    explicit CastAttention(std::unique_ptr<AttentionSource<double>> source) : source_(std::move(source)) {}

    void select(const TokenBlock& block, Index head) override { source_->select(block, head); }
    void omega(Index example, MatrixOf<Scalar>& omega) override {
        source_->omega(example, found_);
        omega = found_.template cast<Scalar>();
    }

  private:
    std::unique_ptr<AttentionSource<double>> source_;
    Matrix found_;
};

/// Attention that was computed elsewhere: the same for all examples, or each example's own.
template <class Scalar>
class GivenAttention : public AttentionSource<Scalar> {
  public:
    GivenAttention(const std::vector<AttentionHead>& heads, const LayerSetting& setting, const MapBlock* maps)
        : heads_(heads), setting_(setting), maps_(maps) {}

    void select(const TokenBlock& block, Index head) override {
        block_ = &block;
        head_ = static_cast<std::size_t>(head);
    }

    void omega(Index example, MatrixOf<Scalar>& omega) override {
        const auto e = static_cast<std::size_t>(example);
        const std::vector<Index>& positions = block_->positions[e];
        const Eigen::Map<const Matrix> given = map_of(block_->examples[e]);
        if (setting_.single_query)
            omega = given(positions, positions[static_cast<std::size_t>(block_->readout[e])])
                        .template cast<Scalar>();
        else
            omega = given(positions, positions).template cast<Scalar>();
        for (Index query = 0; query < omega.cols(); ++query) {
            const Scalar sum = omega.col(query).sum();
            if (!(sum > 0))
                throw DataError(fmt::format(
                    "{}: a query of example {} (counted from 0) attends to none of its tokens; its row of "
                    "attention must sum to 1",
                    head_label(setting_.layer, head_, heads_[head_].name), block_->examples[e]));
            omega.col(query) /= sum;
        }
    }

  private:
    /// [keys, queries]: what is row-major with keys fastest is column-major with queries as columns.
    [[nodiscard]] Eigen::Map<const Matrix> map_of(Index example) const {
        const Matrix& shared = heads_[head_].attention;
        if (shared.size() > 0) return {shared.data(), shared.rows(), shared.cols()};
        const Index map = (example - maps_->first) * maps_->heads + static_cast<Index>(head_);
        return {maps_->values.data() + map * maps_->tokens * maps_->tokens, maps_->tokens, maps_->tokens};
    }

    const std::vector<AttentionHead>& heads_;
    LayerSetting setting_;
    const MapBlock* maps_;
    const TokenBlock* block_ = nullptr;
    std::size_t head_ = 0;
};

}  // namespace

void check_head(const AttentionHead& head, Index input_width, Index tokens, std::size_t layer,
                std::size_t number) {
    const std::string label = head_label(layer, number, head.name);
    if (head.has_scores()) check_weights(head, input_width, label);
    for (const Vector* bias : {&head.key_bias, &head.query_bias})
        if (bias->size() > 0 && bias->size() != head.key.rows())
            throw DataError(fmt::format("{}: a bias of queries or keys has {} elements, K and Q have {} rows",
                                        label, bias->size(), head.key.rows()));
    if (head.bias.size() > 0 && (head.bias.rows() < tokens || head.bias.cols() < tokens))
        throw DataError(fmt::format("{}: its bias is {}, sequences of {} tokens need [{}, {}]", label,
                                    shape_text(head.bias), tokens, tokens, tokens));
    if (head.relative_bias.size() > 0 && head.relative_bias.size() < 2 * tokens - 1)
        throw DataError(fmt::format("{}: its relative bias has {} elements, sequences of {} tokens need {}",
                                    label, head.relative_bias.size(), tokens, 2 * tokens - 1));
    if (head.attention.size() > 0 && (head.attention.rows() != tokens || head.attention.cols() != tokens))
        throw DataError(fmt::format("{}: its attention is {}, the sequences have {} tokens", label,
                                    shape_text(head.attention), tokens));
}

template <class Scalar>
std::unique_ptr<AttentionSource<Scalar>> make_attention_source(const std::vector<AttentionHead>& heads,
                                                               const LayerSetting& setting,
                                                               const MapBlock* maps) {
    const auto count = [&](auto&& has) { return std::count_if(heads.begin(), heads.end(), has); };
    const auto all = static_cast<std::ptrdiff_t>(heads.size());
    const auto scored = count([](const AttentionHead& head) { return head.has_scores(); });
    const auto shared = count([](const AttentionHead& head) { return head.attention.size() > 0; });
    if (scored == all) {
        // Which key is the largest is part of the problem, as a choice has no error that is small.
        if constexpr (!std::is_same_v<Scalar, double>)
            if (setting.kind == AttentionKind::hardmax)
                return std::make_unique<CastAttention<Scalar>>(
                    std::make_unique<ScoredAttention<double>>(heads, setting));
        return std::make_unique<ScoredAttention<Scalar>>(heads, setting);
    }
    if (maps == nullptr)
        for (std::size_t head = 0; head < heads.size(); ++head)
            if (!heads[head].has_scores() && heads[head].attention.size() == 0)
                throw DataError(fmt::format(
                    "{} has no weights: give W, Q and K, or its attention, to compute path features "
                    "from tokens",
                    head_label(setting.layer, head, heads[head].name)));
    if (scored != 0 || (shared != 0 && shared != all))
        throw DataError(
            fmt::format("layer {}: some heads give scores and some attention, or nothing; use "
                        "one form for a layer",
                        setting.layer + 1));
    return std::make_unique<GivenAttention<Scalar>>(heads, setting, maps);
}

template std::unique_ptr<AttentionSource<double>> make_attention_source(const std::vector<AttentionHead>&,
                                                                        const LayerSetting&, const MapBlock*);
template std::unique_ptr<AttentionSource<long double>> make_attention_source(
    const std::vector<AttentionHead>&, const LayerSetting&, const MapBlock*);

Matrix attention(const AttentionHead& head, const Eigen::Ref<const Matrix>& x, AttentionKind kind) {
    check_head(head, x.rows(), x.cols(), 0, 0);
    std::vector<Index> positions(static_cast<std::size_t>(x.cols()));
    std::iota(positions.begin(), positions.end(), Index{0});
    const TokenBlock block{{0}, x.cols(), x, x.leftCols(1), {0}, {positions}};
    const std::vector<AttentionHead> heads{head};
    const std::unique_ptr<AttentionSource<double>> source =
        make_attention_source<double>(heads, {0, kind, x.cols(), false}, nullptr);
    source->select(block, 0);
    Matrix omega;
    source->omega(0, omega);
    return omega;
}

}  // namespace attnpaths
