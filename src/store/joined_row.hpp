#pragma once

#include "base/record.hpp"

#include <string>

namespace attnpaths {

/// The row of a point after more work on it: the analyses that `newer` answers take the place of those in
/// `row`, the others stay, unless they need one whose key has changed: a row never mixes results of different
/// settings. Times add up, and who asked for the point first is kept. One that answers none takes the whole
/// row's place. The row is done if all its analyses are.
/// @param newer  columns of the point and of the analyses that were worked on
Record joined_row(Record row, Record newer);

/// The row of a point that two stores have: each analysis from where it is done, from `a` if it is in both.
/// @returns nothing, with the reason, if both answer an analysis and not alike
struct Union {
    Record row;
    std::string disagreement;  ///< "" if there is none
};
Union union_of(const Record& a, const Record& b);

/// Sets point/status and point/message by the answers of the analyses; without any they stay.
void set_status(Record& row);

}  // namespace attnpaths
