#pragma once

#include "network/architecture.hpp"

#include <string>
#include <vector>

namespace attnpaths::python {

/// A set of examples as the theory sees it.
struct ExampleFeatures {
    Matrix features;  ///< xi [P, N0 n], path by path
    Matrix targets;   ///< [P, D]
    std::vector<Index> heads;
};

/// Path features and targets of a set of a data set file, read and made as a sweep does.
/// @param set  "train", "test", or the name of a further test set
/// @throws InputError, DataError as read_dataset_file; UsageError if there is no such set
ExampleFeatures features_of_set(const std::string& path, const std::string& set);

}  // namespace attnpaths::python
