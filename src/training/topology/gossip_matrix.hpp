#pragma once

#include "network/architecture.hpp"

#include <string>

namespace attnpaths {

/// Who hears from whom with which weight: rank i takes sum_j W_ij w_j, W doubly stochastic. "ring", "torus"
/// (rows x columns, as square as the number allows), "exponential" (ranks 1, 2, 4, ... places away, both
/// ways), "complete", all with equal weights for a rank and its neighbours; or a text file of W, a row a
/// line.
/// @param topology  one of these names, else the path of the file
/// @returns W [ranks, ranks]
/// @throws UsageError naming the topology where there are too few ranks for it; InputError, DataError naming
/// file and line
Matrix gossip_matrix(const std::string& topology, Index ranks);

/// Rows of the torus of so many ranks: the largest divisor that is not above their square root.
Index torus_rows(Index ranks);

}  // namespace attnpaths
