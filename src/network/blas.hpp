#pragma once

#include "network/architecture.hpp"

/// Products of large matrices by OpenBLAS, which makes them about half as fast again as Eigen does; for small
/// ones Eigen is faster.
namespace attnpaths::blas {

/// Takes from the system, and keeps, the memory that OpenBLAS computes in. OpenBLAS itself asks for it in its
/// first call, and asks for ever if there is none; so every function here sees to it first, and the program
/// as soon as it knows that it will compute.
/// @throws Error if there is too little
void reserve_memory();

/// A size as BLAS and LAPACK take it.
/// @throws NumericalError naming the routine if it is beyond 32 bits
int checked_int(Index size, const char* routine);

using ConstBlock = Eigen::Ref<const Matrix, 0, Eigen::OuterStride<>>;
using Block = Eigen::Ref<Matrix, 0, Eigen::OuterStride<>>;

/// C = A B.
void multiply(const ConstBlock& A, const ConstBlock& B, Block C);

/// Lower triangle of the square matrix C += that of A B'; what is above it is used up.
void add_lower_of_product_with_transpose(const ConstBlock& A, const ConstBlock& B, Block C);

/// Lower triangle of the square matrix C += that of A' B; what is above it is used up.
void add_lower_of_transpose_times(const ConstBlock& A, const ConstBlock& B, Block C);

/// C += A B'.
void add_product_with_transpose(const ConstBlock& A, const ConstBlock& B, Block C);

/// C += A' B.
void add_transpose_times(const ConstBlock& A, const ConstBlock& B, Block C);

}  // namespace attnpaths::blas
