#pragma once

#include "point/grid_point.hpp"

#include <string>
#include <vector>

namespace attnpaths {

/// One of several parts of a grid that are computed by runs of their own.
struct Shard {
    int number = 1;  ///< 1..count
    int count = 1;
};

/// "3/8". @returns a shard of count 0 if the text is none
Shard parse_shard(const std::string& text);

/// The points of one shard, in the order of the grid. Every point is in exactly one shard; shards cost about
/// the same by nominal cost, which depends on nothing but the grid.
std::vector<GridPoint> points_of_shard(const std::vector<GridPoint>& points, const Shard& shard);

}  // namespace attnpaths
