#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace attnpaths {

/// What merge_stores wrote.
struct MergeResult {
    std::size_t points = 0;
    std::size_t failed = 0;          ///< of these points
    std::size_t duplicates = 0;      ///< points that a further input had too
    std::vector<std::string> notes;  ///< of the inputs, as StoreView::notes
};

/// Joins stores into one, which appears as a whole or not at all. A point in several inputs must have the
/// same results in all of them, to the last bit; a done point beats a failed one.
/// @param out        may be one of the inputs; another existing file is only replaced with `overwrite`
/// An input that cannot be read as a whole is refused: nothing is lost by joining.
/// @throws CreateError if `out` exists, UsageError if a sweep uses it, DataError naming point, column and
/// files if two inputs
///         disagree, InputError, OutputError
MergeResult merge_stores(const std::string& out, const std::vector<std::string>& inputs, bool overwrite);

}  // namespace attnpaths
