#pragma once

#include "task/dataset.hpp"

#include <string>

namespace attnpaths {

/// Brings the labels of a data set with one output to what the theory computes with: two values, whatever
/// they are, become -1 and +1 in ascending order, in all sets alike. More than two floating-point values are
/// regression targets and stay; of several outputs (one-hot classes) nothing changes. Says in `notes` what
/// was mapped.
/// @param are_integers  whether the file holds whole numbers (or booleans): these are never regression
/// targets
/// @param file          named in messages
/// @throws DataError if a test set has a value that the training set lacks, or whole numbers take one value
/// or
///         more than two
void map_labels(Dataset& dataset, bool are_integers, const std::string& file);

}  // namespace attnpaths
