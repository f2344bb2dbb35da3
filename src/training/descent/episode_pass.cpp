#include "training/descent/episode_pass.hpp"

#include <algorithm>

namespace attnpaths {

namespace {

constexpr std::size_t group_size = 8;  // episodes whose maps fit the second-level cache together

}  // namespace

template <class Scalar>
EpisodePass<Scalar>::EpisodePass(const NetworkShape& shape, const TokenConstants& constants)
    : shape_(shape),
      tokens_(constants.tokens),
      area_(constants.area),
      heads_(shape.head_count()),
      patches_(area_, static_cast<Index>(group_size) * tokens_),
      inked_(patches_.rows(), patches_.cols()),
      patch_maps_(heads_ * area_, patches_.cols()),
      constant_maps_(heads_ * tokens_, patches_.cols()),
      maps_(area_, tokens_ * heads_),
      scores_(tokens_, tokens_ * heads_),
      mixtures_(shape.depth()),
      d_mixtures_(shape.depth()),
      d_attention_(tokens_, tokens_) {
    Index paths = 1;
    for (std::size_t layer = shape.depth(); layer-- > 0;) {
        paths *= shape.heads[layer];
        mixtures_[layer].resize(tokens_, paths);
        d_mixtures_[layer].resize(tokens_, paths);
    }
    projections_.resize(tokens_, paths);
}

template <class Scalar>
void EpisodePass<Scalar>::forward(const EffectiveNetwork<Scalar>& network, const EpisodeTokens& tokens,
                                  std::span<const Episode> episodes, std::span<Scalar> outputs) {
    run(network, tokens, episodes, 0, outputs, nullptr);
}

template <class Scalar>
WeightMatrix<Scalar> EpisodePass<Scalar>::forward_by_path(const EffectiveNetwork<Scalar>& network,
                                                          const EpisodeTokens& tokens,
                                                          std::span<const Episode> episodes) {
    MatrixOf outputs(static_cast<Index>(episodes.size()), projections_.cols());
    for (std::size_t i = 0; i < episodes.size(); ++i) {
        const Episode* const episode = &episodes[i];
        Scalar sum;
        run_group(network, tokens, {&episode, 1}, TokenConstants::order(*episode), 0, &sum, nullptr);
        outputs.row(static_cast<Index>(i)) = projections_.cwiseProduct(mixtures_[0]).colwise().sum();
    }
    return outputs;
}

template <class Scalar>
void EpisodePass<Scalar>::backward(const EffectiveNetwork<Scalar>& network, const EpisodeTokens& tokens,
                                   std::span<const Episode> episodes, Scalar scale, std::span<Scalar> outputs,
                                   EffectiveNetwork<Scalar>& derivative) {
    run(network, tokens, episodes, scale, outputs, &derivative);
}

template <class Scalar>
void EpisodePass<Scalar>::run(const EffectiveNetwork<Scalar>& network, const EpisodeTokens& tokens,
                              std::span<const Episode> episodes, Scalar scale, std::span<Scalar> outputs,
                              EffectiveNetwork<Scalar>* derivative) {
    for (std::size_t order = 0; order < TokenConstants::orders; ++order) {
        std::vector<const Episode*> same;
        for (const Episode& episode : episodes)
            if (TokenConstants::order(episode) == order) same.push_back(&episode);
        std::array<Scalar, group_size> results;
        for (std::size_t first = 0; first < same.size(); first += group_size) {
            const std::span<const Episode* const> group(same.data() + first,
                                                        std::min(group_size, same.size() - first));
            run_group(network, tokens, group, order, scale, results.data(), derivative);
            for (std::size_t i = 0; i < group.size(); ++i)
                outputs[static_cast<std::size_t>(group[i] - episodes.data())] = results[i];
        }
    }
}

template <class Scalar>
void EpisodePass<Scalar>::run_group(const EffectiveNetwork<Scalar>& network, const EpisodeTokens& tokens,
                                    std::span<const Episode* const> episodes, std::size_t order, Scalar scale,
                                    Scalar* outputs, EffectiveNetwork<Scalar>* derivative) {
    gather(tokens, episodes);
    const auto inked = static_cast<Index>(inked_token_.size());
    patch_maps_.leftCols(inked).noalias() = network.patch_patch() * inked_.leftCols(inked);
    constant_maps_.leftCols(inked).noalias() = network.constant_patch(order) * inked_.leftCols(inked);
    for (std::size_t place = 0; place < episodes.size(); ++place) {
        attention(network, order, place);
        outputs[place] = path_sums(network, order, place);
        if (derivative == nullptr) continue;
        const Scalar slope = 2 * scale * (outputs[place] - static_cast<Scalar>(episodes[place]->target));
        const auto patches = patches_.middleCols(static_cast<Index>(place) * tokens_, tokens_);
        derivative->path_patch().noalias() += patches * (slope * mixtures_[0]);
        derivative->path_constant(order) += slope * mixtures_[0];
        differentiate_paths(slope);
        differentiate_scores(order, place, *derivative);
    }
    if (derivative == nullptr) return;
    derivative->patch_patch().noalias() += patch_maps_.leftCols(inked) * inked_.leftCols(inked).transpose();
    derivative->constant_patch(order).noalias() +=
        constant_maps_.leftCols(inked) * inked_.leftCols(inked).transpose();
}

template <class Scalar>
void EpisodePass<Scalar>::gather(const EpisodeTokens& tokens, std::span<const Episode* const> episodes) {
    inked_token_.clear();
    first_inked_.clear();
    const Index segment = tokens_ / 3;
    for (std::size_t place = 0; place < episodes.size(); ++place) {
        first_inked_.push_back(inked_token_.size());
        for (Index token = 0; token < tokens_; ++token) {
            const std::int32_t image = episodes[place]->images[static_cast<std::size_t>(token / segment)];
            const Eigen::Map<const Eigen::VectorXf> patch(
                tokens.patches(image).data() + token % segment * area_, area_);
            const Index column = static_cast<Index>(place) * tokens_ + token;
            patches_.col(column) = patch.template cast<Scalar>();
            if ((patch.array() == 0).all()) continue;
            inked_.col(static_cast<Index>(inked_token_.size())) = patches_.col(column);
            inked_token_.push_back(token);
        }
    }
    first_inked_.push_back(inked_token_.size());
}

/// Scores and attention of all heads, softmax over the keys, the rows.
template <class Scalar>
void EpisodePass<Scalar>::attention(const EffectiveNetwork<Scalar>& network, std::size_t order,
                                    std::size_t place) {
    maps_ = network.patch_constant(order);
    scores_ = network.constant_constant(order);
    for (std::size_t inked = first_inked_[place]; inked < first_inked_[place + 1]; ++inked) {
        const Index token = inked_token_[inked];
        const auto column = static_cast<Index>(inked);
        maps_.middleCols(token * heads_, heads_).reshaped() += patch_maps_.col(column);
        scores_.middleCols(token * heads_, heads_).reshaped() += constant_maps_.col(column);
    }
    const auto patches = patches_.middleCols(static_cast<Index>(place) * tokens_, tokens_);
    scores_.noalias() += patches.transpose() * maps_;
    for (Index column = 0; column < scores_.cols(); ++column) {
        auto scores = scores_.col(column).array();
        scores = (scores - scores.maxCoeff()).exp();
        scores *= 1 / scores.sum();
    }
}

/// Attention of one head, [keys, queries].
template <class Scalar>
Eigen::Map<WeightMatrix<Scalar>, 0, Eigen::OuterStride<>> EpisodePass<Scalar>::head_attention(Index head) {
    return {scores_.data() + head * tokens_, tokens_, tokens_, Eigen::OuterStride<>(heads_ * tokens_)};
}

/// The mixtures b of all layers, from the readout down, and the output.
template <class Scalar>
Scalar EpisodePass<Scalar>::path_sums(const EffectiveNetwork<Scalar>& network, std::size_t order,
                                      std::size_t place) {
    const std::size_t last = shape_.depth() - 1;
    for (Index head = 0; head < shape_.heads[last]; ++head)
        mixtures_[last].col(head) = head_attention(shape_.head_number(last, head)).rowwise().mean();
    for (std::size_t layer = last; layer-- > 0;) {
        const MatrixOf& above = mixtures_[layer + 1];
        for (Index head = 0; head < shape_.heads[layer]; ++head)
            mixtures_[layer].middleCols(head * above.cols(), above.cols()).noalias() =
                head_attention(shape_.head_number(layer, head)) * above;
    }
    const auto patches = patches_.middleCols(static_cast<Index>(place) * tokens_, tokens_);
    projections_ = network.path_constant(order);
    projections_.noalias() += patches.transpose() * network.path_patch();
    return projections_.cwiseProduct(mixtures_[0]).sum();
}

/// Replaces attention by the derivative by the scores.
template <class Scalar>
void EpisodePass<Scalar>::differentiate_paths(Scalar slope) {
    const std::size_t last = shape_.depth() - 1;
    d_mixtures_[0] = slope * projections_;
    for (std::size_t layer = 0; layer < last; ++layer) {
        const MatrixOf& above = mixtures_[layer + 1];
        const Index rest = above.cols();
        MatrixOf& d_above = d_mixtures_[layer + 1];
        d_above.setZero();
        for (Index head = 0; head < shape_.heads[layer]; ++head) {
            auto attention = head_attention(shape_.head_number(layer, head));
            const auto own = d_mixtures_[layer].middleCols(head * rest, rest);
            const MatrixOf mean = attention.transpose() * own;  // [queries, rest]
            d_above += mean;
            d_attention_.noalias() = own * above.transpose();
            for (Index query = 0; query < tokens_; ++query)
                attention.col(query).array() *=
                    d_attention_.col(query).array() - mean.row(query).dot(above.row(query));
        }
    }
    for (Index head = 0; head < shape_.heads[last]; ++head) {
        auto attention = head_attention(shape_.head_number(last, head));
        const auto own = (d_mixtures_[last].col(head) / static_cast<Scalar>(tokens_)).eval();
        for (Index query = 0; query < tokens_; ++query) {
            auto column = attention.col(query);
            column.array() *= own.array() - column.dot(own);
        }
    }
}

/// Adds what the derivatives by the scores of an episode mean for the constants' parts, and leaves in the
/// maps of the group what they mean for those of the patches.
template <class Scalar>
void EpisodePass<Scalar>::differentiate_scores(std::size_t order, std::size_t place,
                                               EffectiveNetwork<Scalar>& derivative) {
    const auto patches = patches_.middleCols(static_cast<Index>(place) * tokens_, tokens_);
    maps_.noalias() = patches * scores_;
    derivative.constant_constant(order) += scores_;
    derivative.patch_constant(order) += maps_;
    for (std::size_t inked = first_inked_[place]; inked < first_inked_[place + 1]; ++inked) {
        const Index token = inked_token_[inked];
        const auto column = static_cast<Index>(inked);
        patch_maps_.col(column) = maps_.middleCols(token * heads_, heads_).reshaped();
        constant_maps_.col(column) = scores_.middleCols(token * heads_, heads_).reshaped();
    }
}

template class EpisodePass<float>;
template class EpisodePass<double>;

}  // namespace attnpaths
