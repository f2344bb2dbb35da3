#pragma once

#include "store/store_view.hpp"

#include <boost/program_options.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace attnpaths::cli {

/// Adds --where.
void add_where_option(boost::program_options::options_description& options);

/// Conditions of --where, each "NAME=VALUE" or with !=, <, <=, >, >=; several values of = are alternatives,
/// "seed=1 2", and one width or number of heads is that of every layer. A name is that of a setting ("width")
/// or of a column; numbers are equal within a relative 1e-9.
std::vector<std::string> where_of(const boost::program_options::variables_map& values);

/// Those of the points that satisfy all conditions, in their order.
/// @throws UsageError naming the condition if it means nothing, or the store has no such column
std::vector<std::size_t> points_where(const StoreView& store, const std::vector<std::size_t>& points,
                                      const std::vector<std::string>& conditions);

}  // namespace attnpaths::cli
