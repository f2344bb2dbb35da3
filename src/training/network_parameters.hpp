#pragma once

#include "network/architecture.hpp"

#include <cstdint>
#include <vector>

namespace attnpaths {

/// Sizes of a network with learnt attention (arXiv:2405.15926, section 5.2): for a sequence x_t of tokens,
///   z^0_t = V^0 x_t,   z^l_t = H_l^(-1/2) sum_h sum_s A^lh_ts V^lh z^(l-1)_s,   f = a . mean_t z^L_t,
/// where A^lh_ts is the softmax over s of (K^lh x_s).(Q^lh x_t)/sqrt(G).
struct NetworkShape {
    std::vector<Index> heads;  ///< H_1..H_L
    Index input_width = 0;     ///< N0
    Index query_width = 0;     ///< G
    Index width = 0;           ///< N

    [[nodiscard]] std::size_t depth() const { return heads.size(); }
    [[nodiscard]] Index head_count() const;  ///< of all layers
    /// Place of a head among those of all layers.
    [[nodiscard]] Index head_number(std::size_t layer, Index head) const;
    friend bool operator==(const NetworkShape&, const NetworkShape&) = default;
};

/// Where one matrix lies in the vector of all weights, column by column.
struct WeightBlock {
    Index offset;
    Index rows;
    Index columns;

    [[nodiscard]] Index size() const { return rows * columns; }
};

/// All weights of a network as one vector, so that an optimiser, a checkpoint or a sum over ranks sees
/// nothing but numbers. Matrices start at multiples of 16 numbers; what lies between them is 0.
class WeightLayout {
  public:
    explicit WeightLayout(const NetworkShape& shape);

    [[nodiscard]] const NetworkShape& shape() const noexcept { return shape_; }
    [[nodiscard]] Index size() const noexcept { return size_; }  ///< of the vector
    [[nodiscard]] Index weights() const noexcept { return weights_; }
    [[nodiscard]] const std::vector<WeightBlock>& blocks() const noexcept { return blocks_; }

    /// Q and K [G, N0] and V [N, N] of a head by its number (NetworkShape::head_number).
    [[nodiscard]] const WeightBlock& query(Index head) const { return block(3 * head); }
    [[nodiscard]] const WeightBlock& key(Index head) const { return block(3 * head + 1); }
    [[nodiscard]] const WeightBlock& value(Index head) const { return block(3 * head + 2); }
    [[nodiscard]] const WeightBlock& input() const {
        return block(3 * shape_.head_count());
    }  ///< V^0 [N, N0]
    [[nodiscard]] const WeightBlock& readout() const {
        return block(3 * shape_.head_count() + 1);
    }  ///< a [N, 1]

  private:
    void add(Index rows, Index columns);
    [[nodiscard]] const WeightBlock& block(Index number) const {
        return blocks_[static_cast<std::size_t>(number)];
    }

    NetworkShape shape_;
    std::vector<WeightBlock> blocks_;
    Index size_ = 0;
    Index weights_ = 0;
};

template <class Scalar>
using WeightVector = Eigen::Matrix<Scalar, Eigen::Dynamic, 1>;
template <class Scalar>
using WeightMatrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>;

/// One matrix of a vector of all weights.
template <class Scalar>
Eigen::Map<WeightMatrix<Scalar>> view(WeightVector<Scalar>& weights, const WeightBlock& block) {
    return {weights.data() + block.offset, block.rows, block.columns};
}
template <class Scalar>
Eigen::Map<const WeightMatrix<Scalar>> view(const WeightVector<Scalar>& weights, const WeightBlock& block) {
    return {weights.data() + block.offset, block.rows, block.columns};
}

/// Weights before training, uniform in +-1/sqrt(columns of the matrix) as PyTorch's linear layers are (the
/// readout's one row counts as such). A matrix depends on the seed and its place alone.
WeightVector<float> draw_initial_weights(const WeightLayout& layout, std::uint64_t seed);

}  // namespace attnpaths
