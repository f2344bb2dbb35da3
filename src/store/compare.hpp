#pragma once

#include "store/store_view.hpp"

#include <string>
#include <vector>

namespace attnpaths {

/// What tells two values apart, "1.0 vs 1.1"; "" if nothing does.
/// @param tolerance  0: to the last bit. Else numbers a and b agree where |a - b| <= tolerance max(1, |a|,
/// |b|),
///                   elements of arrays where it is at most tolerance times the largest of 1 and all
///                   magnitudes in either: rounding is relative to the largest of a matrix or spectrum, and
///                   quantities are in units in which labels and prior order parameters are 1. Texts and
///                   shapes must be equal.
std::string value_difference(const Value& a, const Value& b, double tolerance = 0);

/// Differences of two records in reproducible columns: "theory/action: 1.0 vs 1.1" each.
std::vector<std::string> record_differences(const Record& a, const Record& b, double tolerance = 0);

/// Compares the results of two stores: the same points and equal reproducible columns. Times, hosts,
/// attempts, messages and the order of the points do not matter; NaN equals NaN.
/// @returns a line per difference, "point width=10 ...: theory/action: 1.0 vs 1.1" or "point ...: only in
/// a.h5"
std::vector<std::string> compare_stores(const StoreView& a, const StoreView& b, double tolerance = 0);

}  // namespace attnpaths
