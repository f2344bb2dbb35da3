#pragma once

#include "network/architecture.hpp"

/// Products of large matrices, one of whose factors or results is triangular or symmetric: half the work of a
/// full one, and in place, where Eigen's expressions take another matrix.
namespace attnpaths::blas {

using Block = Eigen::Ref<Matrix>;
using ConstBlock = Eigen::Ref<const Matrix>;

/// C += scale B B' in the lower triangle of C.
void add_gram_of_rows(double scale, const ConstBlock& B, Matrix& C);

/// C += scale B'B in the lower triangle of C.
void add_gram_of_columns(double scale, const ConstBlock& B, Matrix& C);

/// B becomes B L, with L in the lower triangle of a matrix.
void multiply_by_lower(const Matrix& L, Block B);

/// B becomes L' B.
void multiply_lower_transposed(const Matrix& L, Block B);

/// B becomes L^{-1} B.
void solve_lower(const Matrix& L, Block B);

/// B becomes L'^{-1} B.
void solve_lower_transposed(const Matrix& L, Block B);

}  // namespace attnpaths::blas
