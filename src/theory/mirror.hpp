#pragma once

#include "network/architecture.hpp"

#include <algorithm>

namespace attnpaths {

/// to(j, i) = from(i, j) for i > j: the strictly lower triangle of one square matrix, transposed, becomes the
/// strictly upper one of another, or of the same. By blocks of a cache line's width: the columns of large
/// matrices often meet in the same lines of the cache.
inline void mirror_lower(const Eigen::Ref<const Matrix>& from, Eigen::Ref<Matrix> to) {
    constexpr Index line = 8;
    for (Index column = 0; column < from.cols(); column += line) {
        const Index width = std::min(line, from.cols() - column);
        to.block(column, column, width, width).triangularView<Eigen::StrictlyUpper>() =
            from.block(column, column, width, width).transpose();
        if (width < line) return;
        Index row = column + line;
        for (; row + line <= from.rows(); row += line) {
            const Eigen::Matrix<double, line, line> block = from.block<line, line>(row, column);
            to.block<line, line>(column, row) = block.transpose();
        }
        const Index height = from.rows() - row;
        to.block(column, row, line, height) = from.block(row, column, height, line).transpose();
    }
}

/// Fills the upper triangle of a symmetric matrix of which the lower one is known.
inline void mirror_lower(Matrix& matrix) {
    mirror_lower(matrix, matrix);
}

}  // namespace attnpaths
