#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace attnpaths {

enum class ColumnType { real, integer, text, array };

/// One quantity of the store: what a data set of that name holds, first axis = point.
struct Column {
    std::string name;  ///< "group/quantity"
    ColumnType type;
    std::string shape;  ///< of one point's value, "" for scalars; n = paths, D = outputs, L = depth
    std::string units;
    std::string description;
    bool reproducible =
        true;  ///< false for what may differ between two runs of one point (times, hosts, attempts)
};

/// The one list of columns. Further test sets and sub-networks add columns by a suffix:
/// "theory/accuracy-mnist" is theory/accuracy on /test-mnist, "gp-good/accuracy" is gp/accuracy of the
/// sub-network "good".
const std::vector<Column>& schema();

/// The column that `name` belongs to, suffixes of group and quantity removed.
/// @throws DataError if there is none
const Column& find_column(std::string_view name);

inline constexpr int store_format_version = 1;

}  // namespace attnpaths
