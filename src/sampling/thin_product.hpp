#pragma once

#include "network/architecture.hpp"

namespace attnpaths::thin {

/// Products of a large matrix M [rows, columns] with a few vectors at once. They are bound by the one pass
/// over M: nothing is packed or copied, tiles of M's columns times vectors stay in registers. All arrays are
/// column by column without gaps; the order of sums does not depend on their alignment.

/// Y = M' W.
/// @param W [rows, vectors];  @param Y [columns, vectors], overwritten
/// @returns |M|_F^2 if asked for, else 0
template <bool WithNorm>
double transposed_times(const double* M, Index rows, Index columns, const double* W, Index vectors,
                        double* Y);

/// U = M Y.
/// @param Y [columns, vectors];  @param U [rows, vectors], overwritten
void times(const double* M, Index rows, Index columns, const double* Y, Index vectors, double* U);

/// U = M Y as above, and G = W Y' - M in the same pass.
/// @param W [rows, vectors];  @param G [rows, columns], overwritten
void times_and_outer(const double* M, Index rows, Index columns, const double* Y, const double* W,
                     Index vectors, double* U, double* G);

extern template double transposed_times<true>(const double*, Index, Index, const double*, Index, double*);
extern template double transposed_times<false>(const double*, Index, Index, const double*, Index, double*);

}  // namespace attnpaths::thin
