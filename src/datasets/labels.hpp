#pragma once

#include "datasets/dataset.hpp"

#include <string>
#include <vector>

namespace attnpaths {

/// Labels of a set as they stand in a file.
struct RawLabels {
    Matrix numbers;                  ///< [P, D]; empty where they are texts
    std::vector<std::string> texts;  ///< [P]
};

/// What a file says of its labels.
struct LabelRules {
    bool are_integers = false;    ///< whole numbers, booleans or texts: more than two of them are classes too
    bool are_quantities = false;  ///< the file asks for regression
    bool one_class_is_wrong = false;  ///< even if it is -1 or +1
    std::vector<std::string> names;   ///< of labels 0, 1, ...; empty where they are called by their value
};

/// Numbers the texts of all sets in the ascending order of the training set's.
/// @param groups  names of the sets, "/train" first
/// @returns the texts, by number; empty if labels are numbers
/// @throws DataError if a test set has a text that the training set lacks, or other kinds of labels
std::vector<std::string> number_texts(std::vector<RawLabels>& sets, const std::vector<std::string>& groups,
                                      const std::string& file);

/// Brings the labels of a data set with one output to what the theory computes with: two values, whatever
/// they are, become -1 and +1 in ascending order, and more than two whole numbers or texts one-hot rows, in
/// all sets alike. More than two floating-point values are regression targets and stay, as do one-hot rows
/// that are given. Says in `notes` what was mapped, and names the classes of the data set.
/// @param file  named in messages
/// @throws DataError if a test set has a class that the training set lacks, or there is only one class
void map_labels(Dataset& dataset, const LabelRules& rules, const std::string& file);

}  // namespace attnpaths
