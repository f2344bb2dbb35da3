#pragma once

#include "base/column.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace attnpaths {

/// Goes up when the meaning of a column changes; it is part of every key.
inline constexpr int schema_version = 2;

/// All columns: those that say which point it is and how it went, and those of every analysis. Further test
/// sets add columns by a suffix, "theory/accuracy-mnist" is theory/accuracy on /test-mnist, and groups may
/// have one too: "theory-diagonal/accuracy" is of the group theory, "gp-good/accuracy" of the group gp-NAME.
const std::vector<Column>& schema();

/// The column that `name` belongs to, suffixes of group and quantity removed.
/// @throws DataError if there is none
const Column& find_column(std::string_view name);

struct Analysis;

/// The analysis that a column is of; null for those of the point itself and for columns that are not known.
const Analysis* analysis_of(std::string_view column);

}  // namespace attnpaths
