#pragma once

#include <string>

namespace attnpaths {

enum class ColumnType { real, integer, text, array };

/// One quantity of a grid point: what a data set of that name in the store holds, first axis = point.
struct Column {
    std::string name;  ///< "group/quantity"
    ColumnType type;
    std::string shape;  ///< of one point's value, "" for scalars; n = paths, D = outputs, L = depth
    std::string units;
    std::string description;
    bool reproducible =
        true;  ///< false for what may differ between two runs of one point (times, hosts, attempts)
};

}  // namespace attnpaths
