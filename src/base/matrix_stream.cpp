#include "base/matrix_stream.hpp"

#include <algorithm>
#include <limits>

namespace attnpaths {

void write_matrix(ByteWriter& out, const Eigen::Ref<const Eigen::MatrixXd>& matrix) {
    out.number(static_cast<std::uint64_t>(matrix.rows()));
    out.number(static_cast<std::uint64_t>(matrix.cols()));
    // A block of a larger matrix has gaps between its columns.
    for (const auto& column : matrix.colwise())
        out.bytes(column.data(), static_cast<std::size_t>(column.size()) * sizeof(double));
}

Eigen::MatrixXd read_matrix(ByteReader& in) {
    const auto rows = in.number<std::uint64_t>();
    const auto columns = in.number<std::uint64_t>();
    constexpr std::uint64_t largest = std::numeric_limits<Eigen::Index>::max();
    // By division, because the product of damaged sizes may overflow.
    const bool fits = rows == 0 || columns == 0 || columns <= in.left() / sizeof(double) / rows;
    if (in.failed() || !fits || std::max(rows, columns) > largest) {
        in.fail();
        return {};
    }
    Eigen::MatrixXd matrix(static_cast<Eigen::Index>(rows), static_cast<Eigen::Index>(columns));
    in.bytes(matrix.data(), static_cast<std::size_t>(matrix.size()) * sizeof(double));
    return matrix;
}

Eigen::VectorXd read_vector(ByteReader& in) {
    const Eigen::MatrixXd matrix = read_matrix(in);
    if (matrix.cols() != 1) {
        in.fail();
        return {};
    }
    return matrix.col(0);
}

}  // namespace attnpaths
