#pragma once

#include "network/architecture.hpp"

namespace attnpaths {

/// (I_H (x) A) M, with H = rows of M / columns of A.
Matrix repeat_times(const Matrix& A, const Matrix& M);

/// (I_H (x) A)' M, with H = rows of M / rows of A.
Matrix repeat_transposed_times(const Matrix& A, const Matrix& M);

/// Sum of the `blocks` diagonal blocks of X Y'.
Matrix diagonal_blocks(const Matrix& X, const Matrix& Y, Index blocks);

/// (M (x) I_size) X without forming the Kronecker product.
/// @param X [columns of M * size, points];  @returns [rows of M * size, points]
Matrix expanded_times(const Matrix& M, const Matrix& X, Index size);

}  // namespace attnpaths
