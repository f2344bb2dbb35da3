#pragma once

#include "network/architecture.hpp"

namespace attnpaths {

/// Turns a Cholesky factor L of K (lower triangle; the upper one is not looked at) into K^{-1}, both
/// triangles. Up to a few hundred rows by recursion down to small blocks, so that nearly all of the work is
/// matrix products: 1.7 times as fast as LAPACK's dpotri at P = 100. Beyond, dpotri, which multiplies no
/// zeros, wins.
/// @throws NumericalError if the factor is singular
void inverse_from_cholesky(Matrix& factor);

}  // namespace attnpaths
