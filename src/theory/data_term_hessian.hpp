#pragma once

#include "network/architecture.hpp"

namespace attnpaths {

/// Second derivative of the data term in U from whitened features, in coordinates of the lower triangle of U,
/// column by column (size m = q (q+1) / 2 with q = n D): entry (a, b) = d2E / du_a du_b, where u_a moves U_ij
/// and U_ji together.
/// @param whitened   Z = L^{-1} X with K + T I = L L', X the features placed at their output: q blocks of
///                   equally many columns [P D, q N0]
/// @param v          L^{-1} y [P D]
/// @param prefactor  c of C = c xi xi'
/// @param size       q
Matrix data_term_hessian(const Matrix& whitened, const Vector& v, double prefactor, Index size);

}  // namespace attnpaths
