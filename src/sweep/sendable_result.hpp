#pragma once

#include "sweep/protocol.hpp"

#include <string>

namespace attnpaths {

/// The result of a point as an entry of a batch. One that is too large goes without what can be done without:
/// the checkpoint of a point given up, which begins again from an earlier one; any other is a failure of its
/// point.
/// @param largest  bytes that an entry may have
std::string encode_sendable(PointResult result, const GridPoint& point, std::size_t largest = largest_entry);

}  // namespace attnpaths
