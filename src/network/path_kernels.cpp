#include "network/path_kernels.hpp"

#include "network/kernel_tiles.hpp"

#include <algorithm>
#include <utility>

namespace attnpaths {

namespace {

constexpr Index tile_rows = kernel_tiles::rows;

Index pair_count(Index paths) {
    return paths * (paths + 1) / 2;
}
Index packed_size(Index examples) {
    return examples * (examples + 1) / 2;
}
Index tile_count(Index examples) {
    return (packed_size(examples) + tile_rows - 1) / tile_rows;
}

using Strided = Eigen::Map<const Matrix, 0, Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>>;

/// Block of U between outputs d and e: element (pi, pi') = U(pi D + d, pi' D + e).
Strided output_block(const Matrix& U, Index paths, Index outputs, Index d, Index e) {
    return {U.data() + e * U.rows() + d, paths, paths,
            Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>(U.rows() * outputs, outputs)};
}

/// Visits the columns of a packed lower triangle: function(column, offset of its diagonal element, length).
template <class Function>
void for_each_packed_column(Index size, const Function& function) {
    Index offset = 0;
    for (Index column = 0; column < size; ++column) {
        function(column, offset, size - column);
        offset += size - column;
    }
}

}  // namespace

void PathKernels::for_each_chunk(const std::function<void(const Matrix& chunk, Index width)>& visit) const {
    // Of these many bytes each: products are long enough to be fast, and their factors take no more memory
    // than the features do.
    constexpr Index chunk_bytes = Index{64} << 20U;
    const Index one = 8 * examples() * paths_;
    const Index most = std::clamp<Index>(chunk_bytes / std::max<Index>(one, 1), 1, input_width());
    Matrix chunk;
    for (Index first = 0; first < input_width(); first += most) {
        const Index width = std::min(most, input_width() - first);
        chunk.resize(examples(), width * paths_);
        for (Index path = 0; path < paths_; ++path)
            chunk.middleCols(path * width, width) =
                features_->middleCols(path * input_width() + first, width);
        visit(chunk, width);
    }
}

Matrix mix_paths(const Matrix& features, const Matrix& U, Index paths, Index outputs, Index d, Index e) {
    const Index rows = features.size() / paths;
    Matrix mixed(features.rows(), features.cols());
    const Eigen::Map<const Matrix> by_path(features.data(), rows, paths);
    const Matrix block = output_block(U, paths, outputs, d, e);
    Eigen::Map<Matrix>(mixed.data(), rows, paths).noalias() = by_path * block;
    return mixed;
}

std::string to_text(KernelStorage storage) {
    return storage == KernelStorage::kernels ? "kernels" : "features";
}

PathKernels::PathKernels(std::shared_ptr<const Matrix> features, Index paths, Index outputs, double prefactor,
                         KernelStorage storage)
    : features_(std::move(features)),
      paths_(paths),
      outputs_(outputs),
      prefactor_(prefactor),
      storage_(storage) {
    if (outputs_ > 1) storage_ = KernelStorage::features;
    if (storage_ == KernelStorage::kernels) fill_tiles();
}

Index PathKernels::summed_terms() const {
    return storage_ == KernelStorage::kernels ? input_width() + paths_ * (paths_ + 1) / 2 : features_->cols();
}

double PathKernels::bytes(Index examples, Index input_width, Index paths, KernelStorage storage) {
    const double features =
        static_cast<double>(examples) * static_cast<double>(input_width) * static_cast<double>(paths);
    const double tiles =
        static_cast<double>(tile_count(examples) * tile_rows) * static_cast<double>(pair_count(paths));
    return 8 * (features + (storage == KernelStorage::kernels ? tiles : 0));
}

void PathKernels::fill_tiles() {
    const Index examples = this->examples();
    const Index width = input_width();
    const Index pairs = pair_count(paths_);
    tiles_ = Matrix::Zero(tile_rows, tile_count(examples) * pairs);
    Matrix kernel(examples, examples);
    Index pair = 0;
    for (Index left = 0; left < paths_; ++left) {
        for (Index right = left; right < paths_; ++right, ++pair) {
            const auto x_left = features_->middleCols(left * width, width);
            const auto x_right = features_->middleCols(right * width, width);
            kernel.noalias() = prefactor_ * x_left * x_right.transpose();
            // K(U) sees U_{pi pi'} and U_{pi' pi} together: their kernels are transposes and are added once
            // and for all.
            if (left != right) kernel += kernel.transpose().eval();
            for_each_packed_column(examples, [&](Index column, Index offset, Index length) {
                for (Index i = 0; i < length; ++i) {
                    const Index entry = offset + i;
                    tiles_(entry % tile_rows, (entry / tile_rows) * pairs + pair) =
                        kernel(column + i, column);
                }
            });
        }
    }
}

Vector PathKernels::pair_weights(const Matrix& U) const {
    Vector weights(pair_count(paths_));
    Index pair = 0;
    for (Index left = 0; left < paths_; ++left)
        for (Index right = left; right < paths_; ++right) weights(pair++) = U(right, left);
    return weights;
}

Matrix PathKernels::from_pair_sums(const Vector& sums) const {
    Matrix result(paths_, paths_);
    Index pair = 0;
    for (Index left = 0; left < paths_; ++left) {
        for (Index right = left; right < paths_; ++right, ++pair) {
            const double derivative = left == right ? sums(pair) : sums(pair) / 2;
            result(left, right) = derivative;
            result(right, left) = derivative;
        }
    }
    return result;
}

void PathKernels::assemble_from_tiles(std::span<const Matrix> U,
                                      const std::function<void(std::size_t, Matrix& kernel)>& visit) const {
    const Index examples = this->examples();
    const Index pairs = pair_count(paths_);
    const Index tiles = tile_count(examples);
    const auto count = static_cast<Index>(U.size());
    Matrix weights(pairs, count);
    for (Index i = 0; i < count; ++i) weights.col(i) = pair_weights(U[static_cast<std::size_t>(i)]);
    Matrix packed(tile_rows * tiles, count);
    for (Index tile = 0; tile < tiles; ++tile)
        packed.middleRows(tile * tile_rows, tile_rows).noalias() =
            tiles_.middleCols(tile * pairs, pairs) * weights;
    Matrix kernel;
    for (Index i = 0; i < count; ++i) {
        kernel.resize(examples, examples);
        for_each_packed_column(examples, [&](Index column, Index offset, Index length) {
            kernel.col(column).tail(length) = packed.col(i).segment(offset, length);
        });
        visit(static_cast<std::size_t>(i), kernel);
    }
}

Matrix PathKernels::contract_tiles(const Matrix& G) const {
    const Index examples = this->examples();
    const Index pairs = pair_count(paths_);
    const Index tiles = tile_count(examples);
    Matrix packed = Matrix::Zero(tile_rows, tiles);
    for_each_packed_column(examples, [&](Index column, Index offset, Index length) {
        auto segment = packed.reshaped().segment(offset, length);
        segment = 2 * G.col(column).tail(length);  // both triangles
        segment(0) = G(column, column);
    });
    Vector sums = Vector::Zero(pairs);
    for (Index tile = 0; tile < tiles; ++tile)
        sums.noalias() += tiles_.middleCols(tile * pairs, pairs).transpose() * packed.col(tile);
    return from_pair_sums(sums);
}

void PathKernels::assemble(const Matrix& U, Matrix& kernel) const {
    if (storage_ == KernelStorage::kernels)
        return assemble_from_tiles({&U, 1}, [&](std::size_t, Matrix& assembled) { kernel.swap(assembled); });
    const Index examples = this->examples();
    kernel.setZero(examples * outputs_, examples * outputs_);
    Matrix mixed;
    for_each_chunk([&](const Matrix& chunk, Index width) {
        mixed.resize(chunk.rows(), chunk.cols());
        for (Index d = 0; d < outputs_; ++d) {
            for (Index e = 0; e <= d; ++e) {
                // sum_{pi pi'} U_{pi pi'} xi_pi xi_pi'^T = sum_pi' (sum_pi xi_pi U_{pi pi'}) xi_pi'^T
                const Matrix weights = prefactor_ * output_block(U, paths_, outputs_, d, e);
                mixed.reshaped(examples * width, paths_).noalias() =
                    chunk.reshaped(examples * width, paths_) * weights;
                auto block = kernel.block(d * examples, e * examples, examples, examples);
                if (d == e)
                    block.triangularView<Eigen::Lower>() += mixed * chunk.transpose();
                else
                    block.noalias() += mixed * chunk.transpose();
            }
        }
    });
}

void PathKernels::assemble_each(std::span<const Matrix> U,
                                const std::function<void(std::size_t, Matrix& kernel)>& visit) const {
    if (storage_ == KernelStorage::kernels) {
        // The tiles are read once for all of a block.
        constexpr Index block_bytes = Index{64} << 20U;
        const Index packed_bytes = 8 * tile_rows * tile_count(examples());
        const auto block = static_cast<std::size_t>(std::clamp<Index>(block_bytes / packed_bytes, 1, 64));
        for (std::size_t start = 0; start < U.size(); start += block)
            assemble_from_tiles(U.subspan(start, std::min(block, U.size() - start)),
                                [&](std::size_t i, Matrix& kernel) { visit(start + i, kernel); });
        return;
    }
    Matrix kernel;
    for (std::size_t i = 0; i < U.size(); ++i) {
        assemble(U[i], kernel);
        visit(i, kernel);
    }
}

Matrix PathKernels::contract(const Matrix& G) const {
    if (storage_ == KernelStorage::kernels) return contract_tiles(G);
    const Index examples = this->examples();
    Matrix result = Matrix::Zero(paths_ * outputs_, paths_ * outputs_);
    Matrix weighted;
    Matrix derivative = Matrix::Zero(paths_, paths_ * outputs_ * (outputs_ + 1) / 2);
    for_each_chunk([&](const Matrix& chunk, Index width) {
        weighted.resize(chunk.rows(), chunk.cols());
        Index pair = 0;
        for (Index d = 0; d < outputs_; ++d) {
            for (Index e = 0; e <= d; ++e, ++pair) {
                weighted.noalias() = G.block(d * examples, e * examples, examples, examples) * chunk;
                const auto by_path = chunk.reshaped(examples * width, paths_);
                const auto weighted_by_path = weighted.reshaped(examples * width, paths_);
                auto block = derivative.middleCols(pair * paths_, paths_);
                // G is symmetric: of a diagonal block one triangle tells the other.
                if (d == e)
                    block.triangularView<Eigen::Lower>() += by_path.transpose() * weighted_by_path;
                else
                    block.noalias() += by_path.transpose() * weighted_by_path;
            }
        }
    });
    Index pair = 0;
    for (Index d = 0; d < outputs_; ++d) {
        for (Index e = 0; e <= d; ++e, ++pair) {
            const auto block = derivative.middleCols(pair * paths_, paths_);
            for (Index right = 0; right < paths_; ++right) {
                for (Index left = d == e ? right : 0; left < paths_; ++left) {
                    const double value = prefactor_ * block(left, right);
                    result(left * outputs_ + d, right * outputs_ + e) = value;
                    result(right * outputs_ + e, left * outputs_ + d) = value;
                }
            }
        }
    }
    return result;
}

}  // namespace attnpaths
