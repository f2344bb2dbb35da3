#pragma once

#include "network/architecture.hpp"

#include <cstdint>
#include <vector>

namespace attnpaths {

/// All heads by their scores, the smallest first; of equal ones the first.
std::vector<Index> ascending_order(const Vector& scores);

/// All heads in random order.
/// @param shuffle  which one; every number gives another, a smaller set is the beginning of a larger one
std::vector<Index> random_order(Index heads, std::uint64_t seed, std::uint64_t shuffle);

/// Heads to remove one after the other: a wished order without the last head that is left of any layer, which
/// is passed over, since nothing goes through a layer without heads.
/// @param wish   all heads
/// @param heads  H_1..H_L
/// @returns sum (H_l - 1) heads
std::vector<Index> removal_order(const std::vector<Index>& wish, const std::vector<Index>& heads);

}  // namespace attnpaths
