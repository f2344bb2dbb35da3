#include "training/descent/effective_network.hpp"

#include <cmath>

namespace attnpaths {

namespace {

using Eigen::OuterStride;

template <class Scalar>
using Strided = Eigen::Map<WeightMatrix<Scalar>, 0, OuterStride<>>;
template <class Scalar>
using ConstStrided = Eigen::Map<const WeightMatrix<Scalar>, 0, OuterStride<>>;

/// Sums of `channels` columns that lie side by side: M E. [rows, N0] -> [rows, area]
template <class Scalar, class Derived>
WeightMatrix<Scalar> sum_channels(const Eigen::MatrixBase<Derived>& matrix, Index channels) {
    WeightMatrix<Scalar> sums(matrix.rows(), matrix.cols() / channels);
    for (Index pixel = 0; pixel < sums.cols(); ++pixel) {
        sums.col(pixel) = matrix.col(pixel * channels);
        for (Index channel = 1; channel < channels; ++channel)
            sums.col(pixel) += matrix.col(pixel * channels + channel);
    }
    return sums;
}

/// The columns "t, head" of an array, [rows, T].
template <class Array>
auto columns_of_head(Array& array, Index head, Index heads) {
    using Scalar = typename std::remove_const_t<Array>::Scalar;
    using Result = std::conditional_t<std::is_const_v<std::remove_pointer_t<decltype(array.data())>>,
                                      ConstStrided<Scalar>, Strided<Scalar>>;
    return Result(array.data() + head * array.rows(), array.rows(), array.cols() / heads,
                  OuterStride<>(heads * array.rows()));
}

}  // namespace

TokenConstants::TokenConstants(const EpisodeTokens& all)
    : tokens(all.tokens()), area(all.patch().size * all.patch().size), channels(all.patch().channels) {
    const Index segment = tokens / 3;
    constexpr std::array<std::array<ShownLabel, 3>, orders> labels = {
        {{ShownLabel::zero, ShownLabel::one, ShownLabel::unknown},
         {ShownLabel::one, ShownLabel::zero, ShownLabel::unknown}}};
    for (std::size_t order = 0; order < orders; ++order) {
        c[order].resize(all.input_width(), tokens);
        for (std::size_t image = 0; image < labels[order].size(); ++image) {
            const Eigen::Map<const Eigen::MatrixXf> constant(all.constants(labels[order][image]).data(),
                                                             all.input_width(), tokens);
            const Index first = static_cast<Index>(image) * segment;
            c[order].middleCols(first, segment) = constant.middleCols(first, segment).cast<double>();
        }
    }
}

template <class Scalar>
EffectiveNetwork<Scalar>::EffectiveNetwork(const NetworkShape& shape, const TokenConstants& constants) {
    const Index heads = shape.head_count();
    const Index T = constants.tokens;
    const Index area = constants.area;
    const Index paths = path_count(shape.heads);
    patch_patch_ = add(heads * area, area);
    path_patch_ = add(area, paths);
    for (std::size_t order = 0; order < TokenConstants::orders; ++order) {
        patch_constant_[order] = add(area, T * heads);
        constant_patch_[order] = add(heads * T, area);
        constant_constant_[order] = add(T, T * heads);
        path_constant_[order] = add(T, paths);
    }
    values_.setZero(size_);
}

template <class Scalar>
WeightBlock EffectiveNetwork<Scalar>::add(Index rows, Index columns) {
    constexpr Index alignment = 16;
    const WeightBlock block{size_, rows, columns};
    size_ += (block.size() + alignment - 1) / alignment * alignment;
    return block;
}

template <class Scalar>
WeightReduction<Scalar>::WeightReduction(const WeightLayout& layout, const TokenConstants& constants,
                                         HeadShare<Scalar> share)
    : layout_(layout),
      share_(std::move(share)),
      tokens_(constants.tokens),
      area_(constants.area),
      channels_(constants.channels),
      constants_(constants.area * constants.channels, TokenConstants::orders * constants.tokens),
      queries_(static_cast<std::size_t>(layout.shape().head_count())),
      keys_(queries_.size()),
      covectors_(layout.shape().depth() + 1) {
    for (std::size_t order = 0; order < TokenConstants::orders; ++order)
        constants_.middleCols(static_cast<Index>(order) * tokens_, tokens_) =
            constants.c[order].template cast<Scalar>();
}

template <class Scalar>
void WeightReduction<Scalar>::forward(const WeightVector<Scalar>& weights,
                                      EffectiveNetwork<Scalar>& effective) {
    if (share_.ranks > 1) effective.values().setZero();
    score_maps(weights, effective);
    share_.add_up(effective.values());
    path_weights(weights, effective);
}

template <class Scalar>
void WeightReduction<Scalar>::backward(const WeightVector<Scalar>& weights,
                                       const EffectiveNetwork<Scalar>& derivative, const Visitor& visit) {
    backward_scores(derivative, visit);
    backward_paths(weights, derivative, visit);
}

/// M (E, c): what a matrix makes of patches and of constants.
template <class Scalar>
WeightMatrix<Scalar> WeightReduction<Scalar>::on_constants(const WeightVector<Scalar>& weights,
                                                           const WeightBlock& block) const {
    const auto matrix = view(weights, block);
    WeightMatrix<Scalar> result(block.rows, area_ + constants_.cols());
    result.leftCols(area_) = sum_channels<Scalar>(matrix, channels_);
    result.rightCols(constants_.cols()).noalias() = matrix * constants_;
    return result;
}

/// The chain rule of on_constants.
template <class Scalar>
WeightMatrix<Scalar> WeightReduction<Scalar>::from_constants(const WeightMatrix<Scalar>& derivative) const {
    WeightMatrix<Scalar> result = derivative.rightCols(constants_.cols()) * constants_.transpose();
    for (Index feature = 0; feature < result.cols(); ++feature)
        result.col(feature) += derivative.col(feature / channels_);
    return result;
}

template <class Scalar>
void WeightReduction<Scalar>::score_maps(const WeightVector<Scalar>& weights,
                                         EffectiveNetwork<Scalar>& effective) {
    const Index heads = layout_.shape().head_count();
    const Scalar scale = 1 / std::sqrt(static_cast<Scalar>(layout_.shape().query_width));
    for (Index head = 0; head < heads; ++head) {
        if (!share_.owns(head)) continue;
        const auto number = static_cast<std::size_t>(head);
        queries_[number] = scale * on_constants(weights, layout_.query(head));
        keys_[number] = on_constants(weights, layout_.key(head));
        product_.noalias() = keys_[number].transpose() * queries_[number];
        effective.patch_patch().middleRows(head * area_, area_) = product_.topLeftCorner(area_, area_);
        for (std::size_t order = 0; order < TokenConstants::orders; ++order) {
            const Index first = area_ + static_cast<Index>(order) * tokens_;
            auto patch_constant = effective.patch_constant(order);
            auto constant_constant = effective.constant_constant(order);
            columns_of_head(patch_constant, head, heads) = product_.block(0, first, area_, tokens_);
            columns_of_head(constant_constant, head, heads) = product_.block(first, first, tokens_, tokens_);
            effective.constant_patch(order).middleRows(head * tokens_, tokens_) =
                product_.block(first, 0, tokens_, area_);
        }
    }
}

template <class Scalar>
void WeightReduction<Scalar>::backward_scores(const EffectiveNetwork<Scalar>& derivative,
                                              const Visitor& visit) {
    const Index heads = layout_.shape().head_count();
    const Scalar scale = 1 / std::sqrt(static_cast<Scalar>(layout_.shape().query_width));
    // Constants of one order never meet those of the other.
    product_.setZero(area_ + constants_.cols(), area_ + constants_.cols());
    for (Index head = 0; head < heads; ++head) {
        if (!share_.owns(head)) continue;
        const auto number = static_cast<std::size_t>(head);
        product_.topLeftCorner(area_, area_) = derivative.patch_patch().middleRows(head * area_, area_);
        for (std::size_t order = 0; order < TokenConstants::orders; ++order) {
            const Index first = area_ + static_cast<Index>(order) * tokens_;
            const auto patch_constant = derivative.patch_constant(order);
            const auto constant_constant = derivative.constant_constant(order);
            product_.block(0, first, area_, tokens_) = columns_of_head(patch_constant, head, heads);
            product_.block(first, first, tokens_, tokens_) = columns_of_head(constant_constant, head, heads);
            product_.block(first, 0, tokens_, area_) =
                derivative.constant_patch(order).middleRows(head * tokens_, tokens_);
        }
        gradient_.noalias() = keys_[number] * product_;
        visit(layout_.query(head), scale * from_constants(gradient_));
        gradient_.noalias() = queries_[number] * product_.transpose();
        visit(layout_.key(head), from_constants(gradient_));
    }
}

template <class Scalar>
void WeightReduction<Scalar>::path_weights(const WeightVector<Scalar>& weights,
                                           EffectiveNetwork<Scalar>& effective) {
    const NetworkShape& shape = layout_.shape();
    covectors_.back() = view(weights, layout_.readout());
    for (std::size_t layer = shape.depth(); layer-- > 0;) {
        const WeightMatrix<Scalar>& above = covectors_[layer + 1];
        const Index rest = above.cols();
        const Scalar scale = 1 / std::sqrt(static_cast<Scalar>(shape.heads[layer]));
        covectors_[layer].setZero(shape.width, shape.heads[layer] * rest);
        for (Index head = 0; head < shape.heads[layer]; ++head) {
            const Index number = shape.head_number(layer, head);
            if (share_.owns(number))
                covectors_[layer].middleCols(head * rest, rest).noalias() =
                    view(weights, layout_.value(number)).transpose() * (scale * above);
        }
        share_.add_up(covectors_[layer]);
    }
    const WeightMatrix<Scalar> paths = view(weights, layout_.input()).transpose() * covectors_[0];  // [N0, n]
    effective.path_patch() = sum_channels<Scalar>(paths.transpose(), channels_).transpose();
    for (std::size_t order = 0; order < TokenConstants::orders; ++order)
        effective.path_constant(order).noalias() =
            constants_.middleCols(static_cast<Index>(order) * tokens_, tokens_).transpose() * paths;
}

template <class Scalar>
void WeightReduction<Scalar>::backward_paths(const WeightVector<Scalar>& weights,
                                             const EffectiveNetwork<Scalar>& derivative,
                                             const Visitor& visit) {
    const NetworkShape& shape = layout_.shape();
    WeightMatrix<Scalar> paths(shape.input_width, derivative.path_patch().cols());
    for (Index feature = 0; feature < shape.input_width; ++feature)
        paths.row(feature) = derivative.path_patch().row(feature / channels_);
    for (std::size_t order = 0; order < TokenConstants::orders; ++order)
        paths.noalias() += constants_.middleCols(static_cast<Index>(order) * tokens_, tokens_) *
                           derivative.path_constant(order);

    WeightMatrix<Scalar> below = view(weights, layout_.input()) * paths;  // by the covectors of layer 1
    gradient_.noalias() = covectors_[0] * paths.transpose();
    visit(layout_.input(), gradient_);
    for (std::size_t layer = 0; layer < shape.depth(); ++layer) {
        const WeightMatrix<Scalar>& above = covectors_[layer + 1];
        const Index rest = above.cols();
        const Scalar scale = 1 / std::sqrt(static_cast<Scalar>(shape.heads[layer]));
        below *= scale;
        WeightMatrix<Scalar> next = WeightMatrix<Scalar>::Zero(shape.width, rest);
        for (Index head = 0; head < shape.heads[layer]; ++head) {
            const Index number = shape.head_number(layer, head);
            if (!share_.owns(number)) continue;
            const WeightBlock& value = layout_.value(number);
            next.noalias() += view(weights, value) * below.middleCols(head * rest, rest);
            gradient_.noalias() = above * below.middleCols(head * rest, rest).transpose();
            visit(value, gradient_);
        }
        share_.add_up(next);
        below = std::move(next);
    }
    visit(layout_.readout(), below);
}

template class EffectiveNetwork<float>;
template class EffectiveNetwork<double>;
template class WeightReduction<float>;
template class WeightReduction<double>;

}  // namespace attnpaths
