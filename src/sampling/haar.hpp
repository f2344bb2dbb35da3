#pragma once

#include "base/random_stream.hpp"
#include "network/architecture.hpp"

namespace attnpaths {

/// A matrix with orthonormal columns from the uniform (Haar) law on the Stiefel manifold, [rows, columns]:
/// the Q of a matrix of independent normals, with the diagonal of R made positive (Mezzadri 2007,
/// arXiv:math-ph/0609050).
/// @param columns  at most `rows`
Matrix haar_stiefel(Index rows, Index columns, RandomStream& random);

}  // namespace attnpaths
