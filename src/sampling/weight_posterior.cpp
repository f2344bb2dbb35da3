#include "sampling/weight_posterior.hpp"

#include "sampling/thin_product.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace attnpaths {

// The product of a layer's heads with the effective weights above, [H N_l, columns above], read as
// [N_l, H columns above], has the head as its *fastest* column index. Down the chain columns therefore are
// ordered (output, h_L, ..., h_1) with h_1 fastest; the features are brought to this order once and for all.
// Prior standard deviations and 1/sqrt(N) are constants of the whole chain and sit in the features too.

WeightPosterior::WeightPosterior(const Architecture& architecture, const Matrix& features, const Matrix& y,
                                 double temperature)
    : layout_(architecture, features.cols() / architecture.paths()),
      paths_(architecture.paths()),
      outputs_(architecture.outputs),
      y_(y),
      temperature_(temperature) {
    const auto scale_of = [](const WeightLayout::Block& block) {
        return block.sigma / std::sqrt(static_cast<double>(block.rows));
    };
    const Index input_width = layout_.input().columns;
    Index vectors = outputs_;
    first_layer_scale_ = layout_.readout().sigma;
    for (std::size_t l = architecture.depth(); l-- > 0;) {
        const WeightLayout::Block& block = layout_.layer(l);
        stages_.push_back({block.offset, block.rows, block.columns, vectors});
        vectors *= architecture.heads[l];
        first_layer_scale_ *= scale_of(block);
        effective_.emplace_back(block.columns / architecture.heads[l], vectors);
    }
    stages_.push_back({layout_.input().offset, layout_.input().rows, input_width, vectors});
    effective_.emplace_back(input_width * paths_, outputs_);
    output_scale_ =
        first_layer_scale_ * scale_of(layout_.input()) / std::sqrt(static_cast<double>(input_width * paths_));
    adjoint_ = effective_;
    readout_adjoint_.resize(layout_.readout().rows, outputs_);
    outputs_at_examples_.resize(y.rows(), outputs_);

    features_.resize(features.cols(), features.rows());
    path_order_.resize(static_cast<std::size_t>(vectors));
    const std::vector<Index> reversed_heads(architecture.heads.rbegin(), architecture.heads.rend());
    for (Index here = 0; here < paths_; ++here) {
        std::vector<Index> chosen = path_heads(here, reversed_heads);
        std::reverse(chosen.begin(), chosen.end());
        const Index path = path_index(chosen, architecture.heads);
        features_.middleRows(here * input_width, input_width) =
            output_scale_ * features.middleCols(path * input_width, input_width).transpose();
        for (Index d = 0; d < outputs_; ++d)
            path_order_[static_cast<std::size_t>(d * paths_ + here)] = path * outputs_ + d;
    }
}

LogDensity WeightPosterior::log_density() {
    return {layout_.dimension(),
            [this](const Vector& x, Vector& gradient) { return value_and_gradient(x, gradient); }};
}

/// Fills `effective_` from the readout to the path features.
/// @returns |x|^2
double WeightPosterior::carry_down(const Vector& position) {
    const double* above = position.data() + layout_.readout().offset;
    double norm = WeightLayout::segment(layout_.readout(), position).squaredNorm();
    for (std::size_t s = 0; s < stages_.size(); ++s) {
        const Stage& stage = stages_[s];
        norm += thin::transposed_times<true>(position.data() + stage.offset, stage.rows, stage.columns, above,
                                             stage.vectors, effective_[s].data());
        above = effective_[s].data();
    }
    return norm;
}

double WeightPosterior::value_and_gradient(const Vector& position, Vector& gradient) {
    const double norm = carry_down(position);
    thin::transposed_times<false>(features_.data(), features_.rows(), features_.cols(),
                                  effective_.back().data(), outputs_, outputs_at_examples_.data());
    outputs_at_examples_ = (y_ - outputs_at_examples_) / temperature_;
    const double value = -norm / 2 - temperature_ / 2 * outputs_at_examples_.squaredNorm();
    if (!std::isfinite(value)) return -std::numeric_limits<double>::infinity();

    gradient.resize(position.size());
    thin::times(features_.data(), features_.rows(), features_.cols(), outputs_at_examples_.data(), outputs_,
                adjoint_.back().data());
    const WeightLayout::Block& readout = layout_.readout();
    for (std::size_t s = stages_.size(); s-- > 0;) {
        const Stage& stage = stages_[s];
        const double* above = s > 0 ? effective_[s - 1].data() : position.data() + readout.offset;
        double* above_adjoint = s > 0 ? adjoint_[s - 1].data() : readout_adjoint_.data();
        thin::times_and_outer(position.data() + stage.offset, stage.rows, stage.columns, adjoint_[s].data(),
                              above, stage.vectors, above_adjoint, gradient.data() + stage.offset);
    }
    gradient.segment(readout.offset, readout.size()) =
        readout_adjoint_.reshaped() - WeightLayout::segment(readout, position);
    return value;
}

WeightPosterior::Network WeightPosterior::network(const Vector& position) {
    carry_down(position);
    const Matrix& first_layer = effective_[effective_.size() - 2];
    const double overlap_scale =
        first_layer_scale_ * first_layer_scale_ / static_cast<double>(first_layer.rows());
    const Matrix overlaps = overlap_scale * (first_layer.transpose() * first_layer);
    const Index input_width = layout_.input().columns;
    Network network{Matrix(overlaps.rows(), overlaps.cols()), Matrix(input_width * paths_, outputs_)};
    const auto order = [&](Index column) { return path_order_[static_cast<std::size_t>(column)]; };
    for (Index j = 0; j < overlaps.cols(); ++j) {
        for (Index i = 0; i < overlaps.rows(); ++i)
            network.path_order_parameter(order(i), order(j)) = overlaps(i, j);
        network.input_weights.col(j / paths_).segment(order(j) / outputs_ * input_width, input_width) =
            output_scale_ * effective_.back().col(j / paths_).segment(j % paths_ * input_width, input_width);
    }
    return network;
}

}  // namespace attnpaths
