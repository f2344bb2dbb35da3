#pragma once

#include "network/architecture.hpp"

namespace attnpaths::lapack {

/// Takes from the system, and keeps, the memory that OpenBLAS computes in. OpenBLAS itself asks for it in its
/// first call, and asks for ever if there is none; so every function here sees to it first, and the program,
/// whose products of matrices go to OpenBLAS as well, as soon as it knows that it will compute.
/// @throws Error if there is too little
void reserve_memory();

/// Numbers of workspace that symmetric_eigenvalues needs for n by n.
/// @throws NumericalError if the sizes are beyond the 32 bits of LAPACK's integers
int eigen_work_size(Index n, bool eigenvectors);

/// Cholesky factorisation in place: the lower triangle of `matrix` becomes L with L L' = matrix.
/// @returns false if the matrix is not positive definite (or not finite)
bool cholesky(Matrix& matrix);

/// From the Cholesky factor in the lower triangle to the full inverse (both triangles), in place.
void inverse_from_cholesky(Matrix& factor);

/// Estimate of 1 / (|A| |A^{-1}|) in the 1-norm for a symmetric matrix (lower triangle), which is used up; 0
/// if it is not positive definite.
double reciprocal_condition(Matrix& matrix);

/// The same for an upper triangle.
double reciprocal_condition_upper(const Matrix& triangle);

/// Frobenius norm of the inverse of an upper triangle; infinite if it is singular.
double inverse_norm_upper(Matrix triangle);

/// A P = Q R, columns in the order of what the ones before leave of them, so that R's diagonal falls off.
struct PivotedQr {
    Matrix triangle;              ///< R [min(rows, columns), columns], zeros below its diagonal
    Eigen::VectorXi permutation;  ///< column i of A P is column permutation(i) of A
    Matrix rotated;               ///< Q' times the targets, all rows
};

/// @param targets  with as many rows as the matrix
PivotedQr pivoted_qr(Matrix matrix, Matrix targets);

/// From R and further rows A to the triangle of [R; A] = Q R', by Householder reflections.
/// @param triangle        R [n, n], becomes R'; what stands below its diagonal is neither read nor written
/// @param rows            A [m, n], used up
/// @param are_a_triangle  A is one as well, m = n: a fifth of the work
void fold_rows(Matrix& triangle, Matrix& rows, bool are_a_triangle = false);

/// Eigenvalues of a symmetric matrix (lower triangle), ascending; its columns become the eigenvectors if
/// asked for. Divide and conquer (dsyevd): 2 to 4 times as fast as Eigen's solver.
/// @throws NumericalError if the iteration fails or the matrix is too large
Vector symmetric_eigenvalues(Matrix& matrix, bool eigenvectors);

/// The largest eigenvalues of a symmetric matrix, descending, and their eigenvectors as columns.
struct Eigenpairs {
    Vector values;
    Matrix vectors;
};

/// As many are found alone, by bisection and inverse iteration after the reduction to a tridiagonal matrix,
/// where that is faster than finding all. It is always this number that is found so: the bits of a pair do
/// not depend on how many are asked for, within it and beyond it.
inline constexpr Index leading_pairs = 32;

/// Whether `count` of n eigenpairs are found so.
bool is_partial(Index n, Index count);

/// @param matrix  lower triangle [n, n]
/// @param count   1 to n
/// @throws NumericalError if the iteration fails or the matrix is too large
Eigenpairs leading_eigenpairs(Matrix matrix, Index count);

/// Q' A Q = a symmetric tridiagonal matrix, with Q orthogonal.
struct Tridiagonal {
    Vector diagonal;  ///< [n]
    Vector beside;    ///< [n - 1]
    Matrix rotated;   ///< Q' times the targets
};

/// @param matrix   lower triangle [n, n]
/// @param targets  with as many rows
Tridiagonal tridiagonal(Matrix matrix, Matrix targets);

/// Bytes at work meanwhile, the matrix included.
double eigenpair_bytes(double n);

}  // namespace attnpaths::lapack
