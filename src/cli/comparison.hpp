#pragma once

#include "cli/print_columns.hpp"
#include "store/store_view.hpp"

#include <string>
#include <vector>

namespace attnpaths::cli {

/// Quantities as every analysis that answers them has them, side by side: for each quantity the columns
/// GROUP/QUANTITY that the store has, in its order, with the Monte Carlo error where there is one; of arrays
/// the first element.
/// @param quantities  "order_parameter", "accuracy", ...
/// @param order       rows
/// @throws UsageError if the store has no column of a quantity
std::vector<TextColumn> comparison(const StoreView& store, const std::vector<std::string>& quantities,
                                   const std::vector<std::size_t>& order);

}  // namespace attnpaths::cli
