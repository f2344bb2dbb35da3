#pragma once

#include "cli/show_columns.hpp"

#include <cstddef>
#include <vector>

namespace attnpaths::cli {

/// A row for every head of some points, the columns of each: width, examples, temperature and seed of its
/// point, layer and head (from 1), name, score, rank (1 has the largest score of its point), and what else
/// the store has for heads, under its column's name.
/// @param points  with head scores; others have no rows
/// @throws UsageError if the store has no head scores
std::vector<ShownColumn> head_rows(const StoreView& store, const std::vector<std::size_t>& points);

/// Number of rows.
std::size_t row_count(const std::vector<ShownColumn>& columns);

}  // namespace attnpaths::cli
