#pragma once

#include "store/store_view.hpp"

#include <string>
#include <vector>

namespace attnpaths {

/// What tells two values apart to the last bit, "1.0 vs 1.1"; "" if nothing does.
std::string value_difference(const Value& a, const Value& b);

/// Differences of two records in reproducible columns, to the last bit: "theory/action: 1.0 vs 1.1" each.
std::vector<std::string> record_differences(const Record& a, const Record& b);

/// Compares the results of two stores: the same points and bit-identical reproducible columns. Times, hosts,
/// attempts, messages and the order of the points do not matter; NaN equals NaN.
/// @returns a line per difference, "point width=10 ...: theory/action: 1.0 vs 1.1" or "point ...: only in
/// a.h5"
std::vector<std::string> compare_stores(const StoreView& a, const StoreView& b);

}  // namespace attnpaths
