#pragma once

#include "datasets/dataset.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace attnpaths {

/// Bytes that the names of heads, or of classes, have together in a row of a store.
inline constexpr std::size_t most_name_bytes = 400;

/// Names as one text, as columns have them: "; " between, for which a name's own ; becomes a comma. Empty
/// where all are empty, or all together are longer than a row has room for: a part of the names would be
/// those of others.
std::string names_text(const std::vector<std::string>& names);

/// The names again.
/// @param count  how many there are
/// @returns as many texts, all "" if the text has another number of names
std::vector<std::string> names_of_text(const std::string& text, std::size_t count);

/// Notes, for whoever uses the data, names that are too long to be kept.
void note_long_names(Dataset& dataset);

}  // namespace attnpaths
