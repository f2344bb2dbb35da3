#pragma once

#include "tasks/task.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace attnpaths {

/// Names of heads as the column point/head_names has them: layer 1 first, "; " between; "" without names.
std::string head_names_text(const HeadNames& names);

/// The names again.
/// @param heads  how many there are, of all layers
/// @returns as many texts, all "" if the column has other numbers of names
std::vector<std::string> head_names_of_text(const std::string& text, std::size_t heads);

}  // namespace attnpaths
