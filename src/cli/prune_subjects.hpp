#pragma once

#include "cli/prune_output.hpp"
#include "cli/prune_point.hpp"
#include "datasets/dataset.hpp"
#include "images/image_set.hpp"
#include "training/network_file.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace attnpaths::cli {

/// How removals are measured and controlled.
struct PruningSettings {
    Index episodes = 4000;  ///< of test classes
    Index shuffles = 20;    ///< random orders
    std::int64_t seed = 1;  ///< of episodes and orders
};

/// The trained network without some of its heads, on episodes of the test classes.
/// @param ascending  its heads, the least important first
PrunedSubject study_network(const TrainedNetwork& network, const std::vector<Index>& ascending,
                            const ImageSet& images, const PruningSettings& settings);

/// Whether a data set was made with the heads of a network.
/// @param path, network_path  files that the message names
/// @throws DataError if not
void check_same_heads(const Dataset& dataset, const std::string& path, const TrainedNetwork& network,
                      const std::string& network_path);

/// The theory's own lesion, on every test set of the point's data set.
/// @param theory     of the point, whose order parameter is stored
/// @param ascending  its heads, the least important first
/// @param path       of the data set
/// @throws DataError if it is not the data set that the point was computed from
std::vector<PrunedSubject> study_theory(const ScoredPoint& point, TheoryLesion& theory,
                                        const std::vector<Index>& ascending, const std::string& path,
                                        const PruningSettings& settings);

}  // namespace attnpaths::cli
