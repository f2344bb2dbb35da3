#pragma once

#include "network/architecture.hpp"

namespace attnpaths::kernel_tiles {

/// Rows of a tile of packed kernels: 4 KiB of each pair of paths.
inline constexpr Index rows = 512;
/// Most order parameters that share one pass over the tiles.
inline constexpr Index most_lanes = 8;

/// The fewest lanes that serve so many order parameters: 2, 4 or 8.
Index lanes_for(Index count);

/// The two linear maps of a tile, for as many order parameters as there are lanes at once: a tile is read
/// once for all of them. A lane is a sequence of multiplications and additions in an order of its own, so
/// that its bits depend neither on the number of lanes nor on what the others hold.

/// result(row, lane) = sum over pairs of tile(row, pair) weights(pair, lane).
/// @param tile     [rows, pairs], a column after the other
/// @param weights  [pairs, lanes], lane fastest
/// @param result   [rows, lanes], lane fastest, overwritten
void times(const double* tile, Index pairs, const double* weights, Index lanes, double* result);

/// sums(pair, lane) += sum over rows of tile(row, pair) values(row, lane).
/// @param values  [rows, lanes], lane fastest
/// @param sums    [pairs, lanes], lane fastest
void add_transposed_times(const double* tile, Index pairs, const double* values, Index lanes, double* sums);

}  // namespace attnpaths::kernel_tiles
