#pragma once

#include "network/architecture.hpp"

namespace attnpaths {

/// Head scores s(l, h) = sum |U_1[pi, pi']| over the pairs where pi or pi' uses head h of layer l, each entry
/// once, divided by the largest over all heads of all layers (theory section 7).
/// @param U        U_1 [n D, n D]
/// @param heads    H_1..H_L
/// @param outputs  D
/// @returns layer by layer, [sum H_l]
Vector head_scores(const Matrix& U, const std::vector<Index>& heads, Index outputs);

/// The same for paths: sum |U_1[pi', pi'']| over the pairs where pi' or pi'' is pi, divided by the largest,
/// [n].
Vector path_scores(const Matrix& U, const std::vector<Index>& heads, Index outputs);

}  // namespace attnpaths
