#include "network/scores.hpp"

#include <cmath>

namespace attnpaths {

namespace {

/// Whether scores go through K'Q, the cheaper way if so. The choice depends on sizes only, never on the
/// number of examples, so that an example's features do not depend on the set that it is in.
bool through_product(const AttentionHead& head, Index tokens, Index queries) {
    if (head.key_bias.size() > 0 || head.query_bias.size() > 0) return false;
    const auto width = static_cast<double>(head.key.cols());
    const auto inner = static_cast<double>(head.key.rows());
    const auto keys = static_cast<double>(tokens);
    const auto columns = static_cast<double>(queries);
    const double product = width * width * columns + keys * columns * width;
    const double factors = inner * width * (keys + columns) + keys * columns * inner;
    return product <= factors;
}

Index query_count(Index tokens, bool single_query) {
    return single_query ? 1 : tokens;
}

}  // namespace

Scores::Scores(const std::vector<AttentionHead>& heads, Index tokens, bool single_query)
    : tokens_(tokens), single_query_(single_query) {
    for (const AttentionHead& head : heads) maps_.push_back(maps_of(head));
}

Scores::Maps Scores::maps_of(const AttentionHead& head) const {
    if (head.W.size() > 0) return {Matrix(), head.W, {}, {}};
    const double scale = 1 / std::sqrt(static_cast<double>(head.key.rows()));
    if (through_product(head, tokens_, query_count(tokens_, single_query_)))
        return {Matrix(), scale * (head.key.transpose() * head.query), {}, {}};
    return {head.key, scale * head.query, head.key_bias, scale * head.query_bias};
}

void Scores::select(const TokenBlock& block, std::size_t head) {
    block_ = &block;
    head_ = head;
    const Maps& maps = maps_[head];
    mapped_queries_.noalias() = maps.right * (single_query_ ? block.readout_x : block.x);
    if (maps.right_bias.size() > 0) mapped_queries_.colwise() += maps.right_bias;
    if (maps.left.size() > 0) mapped_keys_.noalias() = maps.left * block.x;
    if (maps.left_bias.size() > 0) mapped_keys_.colwise() += maps.left_bias;
}

void Scores::of(Index example, Matrix& scores) const {
    const Index queries = query_count(tokens_, single_query_);
    const Matrix& keys = maps_[head_].left.size() > 0 ? mapped_keys_ : block_->x;
    scores.noalias() = keys.middleCols(example * tokens_, tokens_).transpose() *
                       mapped_queries_.middleCols(example * queries, queries);
}

PreciseScores::PreciseScores(const std::vector<AttentionHead>& heads, Index tokens, bool single_query)
    : heads_(heads), tokens_(tokens), single_query_(single_query) {}

void PreciseScores::select(const TokenBlock& block, std::size_t head) {
    head_ = head;
    const AttentionHead& weights = heads_[head];
    const bool factored = weights.W.size() == 0;
    keys_ = twofold(block.x);
    if (factored) keys_ = twofold_product(twofold(weights.key), keys_);
    if (weights.key_bias.size() > 0) add_to_columns(keys_, weights.key_bias);
    queries_ = twofold_product(twofold(factored ? weights.query : weights.W),
                               twofold(single_query_ ? block.readout_x : block.x));
    if (weights.query_bias.size() > 0) add_to_columns(queries_, weights.query_bias);
}

void PreciseScores::of(Index example, WideMatrix& scores) const {
    const Index queries = query_count(tokens_, single_query_);
    const auto own = [&](const Matrix& matrix, Index columns) {
        return matrix.middleCols(example * columns, columns);
    };
    const Twofold product =
        twofold_product({own(keys_.high, tokens_).transpose(), own(keys_.low, tokens_).transpose()},
                        {own(queries_.high, queries), own(queries_.low, queries)});
    scores = product.high.cast<long double>() + product.low.cast<long double>();
    if (heads_[head_].W.size() == 0) scores /= std::sqrt(static_cast<long double>(heads_[head_].key.rows()));
}

Index inner_width(const AttentionHead& head, Index tokens, bool single_query) {
    if (head.key.size() == 0 || through_product(head, tokens, query_count(tokens, single_query))) return 0;
    return head.key.rows();
}

}  // namespace attnpaths
