#pragma once

#include "training/pruning/elimination.hpp"
#include "training/pruning/pruning_study.hpp"

#include <optional>
#include <string>
#include <vector>

namespace attnpaths::cli {

/// A study of one network or predictor on one set of cases.
struct PrunedSubject {
    std::string name;         ///< "network", or "theory/SET" for the theory's lesion
    std::string description;  ///< what was tested on what
    Index cases = 0;
    PruningStudy study;
};

/// What is known of all heads, the network first.
struct PruningResults {
    std::vector<Index> heads;
    std::string measure;  ///< by which heads are ordered: "score" or "log Bayes factor"
    Vector scores;        ///< of every head by that measure; an order by evidence may differ, see elimination
    std::optional<Elimination> elimination;  ///< by evidence
    std::vector<PrunedSubject> subjects;
};

/// Tables for people: every head alone, then one after the other, and how far the order beats its controls.
std::string tables_text(const PruningResults& results);

/// One line per subject, order and number of removals, every number exact.
std::string csv_text(const PruningResults& results);

}  // namespace attnpaths::cli
