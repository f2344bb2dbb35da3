#pragma once

#include "store/store_view.hpp"

#include <string>
#include <vector>

namespace attnpaths {

/// How many of some points a store has.
struct PointCounts {
    std::size_t done = 0;
    std::size_t failed = 0;
    std::size_t unfinished = 0;
};

/// Counts points by their keys.
PointCounts count_points(const StoreView& store, const std::vector<std::string>& keys);

}  // namespace attnpaths
