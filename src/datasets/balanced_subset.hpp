#pragma once

#include "network/architecture.hpp"

#include <string>
#include <vector>

namespace attnpaths {

/// True if targets are labels of classes, of which an accuracy has a meaning: one output of -1 and +1, or
/// several outputs whose rows take at most max(2, D) different values, each largest in another output.
/// @param y  [P, D]
bool labels_are_classes(const Matrix& y);

/// The largest choice of training examples that balanced_subset can make.
struct LargestSubset {
    Index examples;
    std::string left_out;  ///< what it leaves out, "27 of each class; 10 with y = 1 left out"; "" if nothing
};
LargestSubset largest_balanced_subset(const Matrix& y);

/// The first `examples` examples of a training set, with equal numbers of each class: P/k of each of the k
/// classes in the order of the set, class blocks one after the other, classes in descending order of their
/// label (+1 before -1). A smaller selection is nested in a larger one. Targets that are not classes
/// (regression): simply the first ones.
/// @param y         targets [P, D]
/// @param examples  number of examples to take
/// @param where     named in messages, e.g. the data set's file
/// @returns indices into the rows of y
/// @throws UsageError if there are too few examples or the number is not a multiple of k
std::vector<Index> balanced_subset(const Matrix& y, Index examples, const std::string& where);

}  // namespace attnpaths
