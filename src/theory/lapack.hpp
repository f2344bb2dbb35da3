#pragma once

#include "network/architecture.hpp"

namespace attnpaths::lapack {

/// Cholesky factorisation in place: the lower triangle of `matrix` becomes L with L L' = matrix.
/// @returns false if the matrix is not positive definite (or not finite)
bool cholesky(Matrix& matrix);

/// From the Cholesky factor in the lower triangle to the full inverse (both triangles), in place.
void inverse_from_cholesky(Matrix& factor);

/// Eigenvalues of a symmetric matrix (lower triangle), ascending; its columns become the eigenvectors if
/// asked for. Divide and conquer (dsyevd): 2 to 4 times as fast as Eigen's solver.
/// @throws NumericalError if the iteration fails
Vector symmetric_eigenvalues(Matrix& matrix, bool eigenvectors);

}  // namespace attnpaths::lapack
