#pragma once

#include "network/architecture.hpp"
#include "sampling/network_weights.hpp"

namespace attnpaths {

/// Bytes of all weights of a network, without any limit on its sizes.
double weight_bytes(const Architecture& architecture, Index input_width);

/// Memory of this machine in bytes; infinity if the system does not tell.
double physical_memory();

/// Where each weight of a network sits in one flat vector: V0, then V^1, ..., V^L (head by head), then a,
/// every matrix column by column. The heads of a layer are one block [N_{l+1}, H_l N_l], so that one product
/// serves all of them. In whitened units each weight is divided by its prior standard deviation: the prior of
/// the vector is then the standard normal.
class WeightLayout {
  public:
    /// Consecutive weights that share prior and shape.
    struct Block {
        Index offset = 0;
        Index rows = 0;
        Index columns = 0;  ///< of all heads together
        double sigma = 1;   ///< prior standard deviation

        [[nodiscard]] Index size() const { return rows * columns; }
    };

    /// @param input_width      N0
    /// @param available_bytes  what one vector of all weights may take
    /// @throws UsageError if a width is not a whole number or the weights do not fit
    WeightLayout(const Architecture& architecture, Index input_width,
                 double available_bytes = physical_memory());

    [[nodiscard]] Index dimension() const { return dimension_; }
    /// V0, V^1, ..., V^L, a in this order: L + 2 blocks.
    [[nodiscard]] const std::vector<Block>& blocks() const { return blocks_; }
    [[nodiscard]] const Block& input() const { return blocks_.front(); }
    /// @param layer  counted from 0
    [[nodiscard]] const Block& layer(std::size_t layer) const { return blocks_[layer + 1]; }
    [[nodiscard]] const Block& readout() const { return blocks_.back(); }

    /// A block inside the vector, without a copy.
    [[nodiscard]] static Eigen::Map<const Matrix> view(const Block& block, const Vector& position) {
        return {position.data() + block.offset, block.rows, block.columns};
    }
    /// Entries of a block in the vector; its squared norm is |layer|^2 / sigma^2.
    [[nodiscard]] static auto segment(const Block& block, const Vector& position) {
        return position.segment(block.offset, block.size());
    }

    /// Weights in whitened units as one vector.
    [[nodiscard]] Vector pack(const NetworkWeights& weights) const;
    /// Inverse of pack.
    [[nodiscard]] NetworkWeights unpack(const Vector& position) const;

  private:
    std::vector<Index> heads_;
    std::vector<Block> blocks_;
    Index dimension_ = 0;
};

}  // namespace attnpaths
