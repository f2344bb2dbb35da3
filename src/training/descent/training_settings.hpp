#pragma once

#include "farm/status_line.hpp"
#include "images/image_source.hpp"
#include "tasks/one_shot/episode_tokens.hpp"
#include "training/descent/adam.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace attnpaths {

/// What a training run is asked to do; the defaults are the published experiment's.
struct TrainingSettings {
    std::string output;

    ImageChoice images;
    PatchShape patch;

    std::string from;  ///< file of the network to start from; empty: random weights of the shape below
    std::vector<Index> heads = {4, 4};
    Index query_width = 128;
    Index width = 512;

    AdamSettings adam;
    Index batch = 128;
    std::int64_t episodes = 5'280'000;
    std::uint64_t seed = 1;
    std::string
        topology;  ///< of ranks with weights of their own (topology/gossip_matrix); empty: they share them

    std::int64_t validation_period = 128'000;  ///< episodes between validations
    Index validation_episodes = 12'928;
    Index test_episodes = 89'216;  ///< of classes never seen, after the last step

    double checkpoint_period = 60;                                ///< seconds
    double time_limit = std::numeric_limits<double>::infinity();  ///< seconds
    ProgressStyle progress = ProgressStyle::automatic;
};

}  // namespace attnpaths
