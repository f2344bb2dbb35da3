#pragma once

#include "images/image_set.hpp"
#include "training/descent/training_settings.hpp"
#include "training/network_file.hpp"

#include <map>
#include <string>

namespace attnpaths {

/// The settings of a training run that determine the weights, as texts by the names of their options; images
/// and weights stand by their checksums.
/// @param start   the network before the first step
/// @param gossip  matrix of the topology; empty if there is none
std::map<std::string, std::string> decisive_settings(const TrainingSettings& settings, const ImageSet& images,
                                                     const TrainedNetwork& start, const Matrix& gossip);

/// Whether a run may go on from a training file.
/// @param path    of the file, for the message
/// @param theirs  settings in the file
/// @throws UsageError that names the first option in which they differ
void check_same_settings(const std::string& path, const std::map<std::string, std::string>& theirs,
                         const std::map<std::string, std::string>& ours);

}  // namespace attnpaths
