#pragma once

#include "base/random_stream.hpp"
#include "network/architecture.hpp"

namespace attnpaths {

/// A matrix with orthonormal columns, uniform on the Stiefel manifold: its law does not change under any
/// orthogonal matrix from the left or the right. It is the Q of the QR decomposition of a standard normal
/// matrix, with the signs that make the diagonal of R positive; without them the law would be the algorithm's
/// (Mezzadri 2007, arXiv:math-ph/0609050, section 5).
/// @returns [rows, columns], Q'Q = 1
/// @throws NumericalError unless 0 <= columns <= rows
Matrix haar_stiefel(Index rows, Index columns, RandomStream& random);

}  // namespace attnpaths
