#pragma once

#include "h5/file.hpp"
#include "training/pruning/elimination.hpp"
#include "training/pruning/pruning_study.hpp"

#include <string>

namespace attnpaths {

/// Writes one study as a group of an HDF5 file, every data set with attributes `description` and `unit`:
///   GROUP/single      each head alone [M], heads of all layers in their order (/heads of the file)
///   GROUP/ascending, GROUP/descending   after 0..K removals [K + 1]; layer, head [K]: what was removed,
///                     counted from 1
///   GROUP/random      mean over shuffles [K + 1], band [K + 1]; layer, head [S, K]; accuracy_by_shuffle
///                     [S, K + 1]
/// Each has accuracy, change (of accuracy, against the whole network) and loss, with NAME_error for the
/// standard error. Attributes of GROUP: cases, advantage_over_random, advantage_over_descending and their
/// _error, shuffles_beaten and shuffles_equalled.
/// @param description  what was pruned and tested
void write_study(h5::File& file, const std::string& group, const std::string& description,
                 const PruningStudy& study, const std::vector<Index>& heads, Index cases);

/// Writes /heads: layer, head [M], counted from 1, and score [M].
void write_head_scores(h5::File& file, const Vector& scores, const std::vector<Index>& heads);

/// Writes /evidence: log_bayes_factor [M] of heads of all layers in their order; layer, head [K] of what was
/// removed; log_evidence, temperature, variance [K + 1] after so many removals.
void write_elimination(h5::File& file, const Elimination& elimination, const std::vector<Index>& heads);

}  // namespace attnpaths
