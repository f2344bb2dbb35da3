#pragma once

#include "network/attention_head.hpp"

#include <string>
#include <vector>

namespace attnpaths {

/// Labelled examples: token sequences with their targets, or path features computed elsewhere.
struct ExampleSet {
    std::string name;  ///< "train", "test", or NAME of a further test set (group /test-NAME)
    Index tokens = 0;  ///< tokens per example; 0 if path features are given
    Matrix x;   ///< [N0, P * tokens], the tokens of an example side by side, examples one after the other
    Matrix xi;  ///< [P, N0 * n] given path features, path by path; empty if x is given
    Matrix y;   ///< targets [P, D]

    [[nodiscard]] Index examples() const { return y.rows(); }
};

/// Suffix of a test set's columns in a store: none for "test", "-NAME" for further ones.
inline std::string suffix_of(const ExampleSet& set) {
    return set.name == "test" ? "" : "-" + set.name;
}

/// What a grid point learns: training examples, named test sets, and the fixed attention heads.
struct Dataset {
    ExampleSet train;
    std::vector<ExampleSet> tests;  ///< the first is "test"; names are unique
    HeadLayers layers;
    AttentionKind attention = AttentionKind::softmax;
    Readout readout = Readout::average;
    Index input_width = 0;  ///< N0
    /// What whoever uses the data should be told, a line each: of no influence on results.
    std::vector<std::string> notes;

    [[nodiscard]] Index outputs() const { return train.y.cols(); }
    [[nodiscard]] std::vector<Index> heads() const;
};

/// Hash of everything in the data set that determines a result (names of heads excluded), 32 hexadecimal
/// digits.
std::string content_hash(const Dataset& dataset);

}  // namespace attnpaths
