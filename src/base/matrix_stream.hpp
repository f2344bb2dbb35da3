#pragma once

#include "base/byte_stream.hpp"

#include <Eigen/Core>

namespace attnpaths {

/// Appends rows and columns (64 bits each) and the elements, column by column.
void write_matrix(ByteWriter& out, const Eigen::Ref<const Eigen::MatrixXd>& matrix);

/// Reads what write_matrix wrote, bit by bit the same. Fails the reader, and gives an empty matrix, if fewer
/// elements are left than the sizes promise; nothing is allocated then.
Eigen::MatrixXd read_matrix(ByteReader& in);

/// The same for what was written as one column; fails the reader if it is anything else.
Eigen::VectorXd read_vector(ByteReader& in);

}  // namespace attnpaths
