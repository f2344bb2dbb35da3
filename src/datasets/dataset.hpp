#pragma once

#include "network/attention_head.hpp"
#include "network/token_sequences.hpp"

#include <string>
#include <vector>

namespace attnpaths {

/// Labelled examples: token sequences with their targets, or path features computed elsewhere.
/// Their tokens are 0 and x is empty if path features are given.
struct ExampleSet : TokenSequences {
    std::string name;       ///< "train", "test", or NAME of a further test set (group /test-NAME)
    Matrix xi;              ///< [P, N0 * n] given path features, path by path; empty if x is given
    Matrix y;               ///< targets [P, D]
    std::string maps_hash;  ///< of what `maps` say of tokens; empty without maps

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
    ExampleSet unlabelled;          ///< examples that have no targets, y [M, 0]; M may be 0
    HeadLayers layers;
    AttentionKind attention = AttentionKind::softmax;
    Readout readout = Readout::average;
    Index input_width = 0;  ///< N0
    /// What the classes -1 and +1, or outputs 1 to D, are called: of no influence on results. Empty where
    /// nobody said, or targets are no classes.
    std::vector<std::string> class_names;
    /// What whoever uses the data should be told, a line each: of no influence on results.
    std::vector<std::string> notes;

    [[nodiscard]] Index outputs() const { return train.y.cols(); }
    [[nodiscard]] std::vector<Index> heads() const;
};

/// Hash of everything in the data set that determines a result (names of heads excluded), 32 hexadecimal
/// digits.
std::string content_hash(const Dataset& dataset);

}  // namespace attnpaths
