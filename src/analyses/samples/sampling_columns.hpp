#pragma once

#include "base/column.hpp"

#include <string>
#include <vector>

namespace attnpaths {

/// What a sampler says of the posterior and of itself, for its group of columns.
/// @param of  "the posterior over all weights"
std::vector<Column> sampling_columns(const std::string& group, const std::string& of);

}  // namespace attnpaths
