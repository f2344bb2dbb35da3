#pragma once

#include "network/architecture.hpp"

namespace attnpaths::kernel_tiles {

/// Rows of a tile of packed kernels: two pages of each pair of paths, less a cache line. Tiles of one page
/// are read half as fast: streams side by side that begin together meet in the same lines of the cache, and
/// all of them end where the processor's reading ahead does.
inline constexpr Index rows = 1016;
/// Order parameters that share one pass over the tiles.
inline constexpr Index most_lanes = 8;

/// The two linear maps of a tile, for as many order parameters as there are lanes at once: a tile is read
/// once for all of them. There are always as many lanes, as compilers round those of narrower vectors as they
/// like; then the bits of one depend neither on its place nor on what the others hold.

/// result(row, lane) = sum over pairs of tile(row, pair) weights(pair, lane).
/// @param tile     [rows, pairs], a column after the other
/// @param weights  [pairs, most_lanes], lane fastest
/// @param result   [rows, most_lanes], lane fastest, overwritten
void times(const double* tile, Index pairs, const double* weights, double* result);

/// sums(pair, lane) += sum over rows of tile(row, pair) values(row, lane).
/// @param values  [rows, most_lanes], lane fastest
/// @param sums    [pairs, most_lanes], lane fastest
void add_transposed_times(const double* tile, Index pairs, const double* values, double* sums);

}  // namespace attnpaths::kernel_tiles
