#include "network/kernel_tiles.hpp"
#include "network/path_kernels.hpp"

#include <algorithm>

namespace attnpaths {

namespace {

using kernel_tiles::most_lanes;

/// Lane fastest.
using Lanes = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// Goes through a packed lower triangle, tile by tile: the part of a column that lies in the present tile.
class PackedColumns {
  public:
    explicit PackedColumns(Index size) : size_(size) {}

    /// Calls visit(row of the tile, column, row, length) for every piece of a column in the next tile.
    template <class Visit>
    void next_tile(const Visit& visit) {
        for (Index used = 0; used < kernel_tiles::rows && column_ < size_;) {
            const Index length = std::min(size_ - row_, kernel_tiles::rows - used);
            visit(used, column_, row_, length);
            used += length;
            row_ += length;
            if (row_ == size_) row_ = ++column_;
        }
    }

  private:
    Index size_;
    Index column_ = 0;
    Index row_ = 0;
};

}  // namespace

void PathKernels::assemble_some(std::span<const Matrix> U, std::span<Matrix> kernels) const {
    const Index pairs = paths_ * (paths_ + 1) / 2;
    Lanes weights = Lanes::Zero(pairs, most_lanes);
    for (std::size_t i = 0; i < U.size(); ++i) weights.col(static_cast<Index>(i)) = pair_weights(U[i]);
    for (Matrix& kernel : kernels) kernel.resize(examples(), examples());
    Lanes packed(kernel_tiles::rows, most_lanes);
    PackedColumns columns(examples());
    for (Index tile = 0; tile < tiles_.cols(); tile += pairs) {
        kernel_tiles::times(tiles_.col(tile).data(), pairs, weights.data(), packed.data());
        columns.next_tile([&](Index from, Index column, Index row, Index length) {
            for (std::size_t i = 0; i < kernels.size(); ++i)
                kernels[i].col(column).segment(row, length) =
                    packed.col(static_cast<Index>(i)).segment(from, length);
        });
    }
}

void PathKernels::contract_some(std::span<const Matrix> G, std::span<Matrix> results) const {
    const Index pairs = paths_ * (paths_ + 1) / 2;
    Lanes sums = Lanes::Zero(pairs, most_lanes);
    Lanes packed(kernel_tiles::rows, most_lanes);
    PackedColumns columns(examples());
    for (Index tile = 0; tile < tiles_.cols(); tile += pairs) {
        packed.setZero();
        columns.next_tile([&](Index to, Index column, Index row, Index length) {
            for (std::size_t i = 0; i < G.size(); ++i) {
                auto lane = packed.col(static_cast<Index>(i)).segment(to, length);
                lane = 2 * G[i].col(column).segment(row, length);  // both triangles
                if (row == column) lane(0) /= 2;
            }
        });
        kernel_tiles::add_transposed_times(tiles_.col(tile).data(), pairs, packed.data(), sums.data());
    }
    for (std::size_t i = 0; i < results.size(); ++i)
        results[i] = from_pair_sums(sums.col(static_cast<Index>(i)));
}

void PathKernels::assemble_together(std::span<const Matrix> U, std::span<Matrix> kernels) const {
    constexpr std::size_t most = most_lanes;
    if (storage_ == KernelStorage::features) {
        for (std::size_t i = 0; i < U.size(); ++i) assemble(U[i], kernels[i]);
        return;
    }
    for (std::size_t start = 0; start < U.size(); start += most) {
        const std::size_t count = std::min(most, U.size() - start);
        assemble_some(U.subspan(start, count), kernels.subspan(start, count));
    }
}

void PathKernels::contract_together(std::span<const Matrix> G, std::span<Matrix> results) const {
    constexpr std::size_t most = most_lanes;
    if (storage_ == KernelStorage::features) {
        for (std::size_t i = 0; i < G.size(); ++i) results[i] = contract(G[i]);
        return;
    }
    for (std::size_t start = 0; start < G.size(); start += most) {
        const std::size_t count = std::min(most, G.size() - start);
        contract_some(G.subspan(start, count), results.subspan(start, count));
    }
}

}  // namespace attnpaths
