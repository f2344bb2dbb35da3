#pragma once

#include "h5/file.hpp"
#include "tasks/one_shot/one_shot_file.hpp"
#include "training/network_parameters.hpp"

#include <string>

namespace attnpaths {

/// A network trained for one-shot classification, with what it knows of its tokens.
struct TrainedNetwork {
    NetworkShape shape;
    WeightVector<float> weights;  ///< as WeightLayout(shape) places them
    OneShotNotes notes;           ///< label vectors, images and sizes of patches
};

/// Writes a network as a data set file without examples: queries and keys under /heads, as the theory reads
/// them (dataset_file.hpp), and the other weights as /network/V0 [N, N0], /network/layerL/V [H, N, N] and
/// /network/a [N], row = output, column = input; all in 32 bits. The notes on tokens go to /one-shot.
/// @param file  empty but for groups of other names
void write_network(h5::File& file, const TrainedNetwork& network);

/// Reads such a file. Numbers of heads may differ from layer to layer, after pruning.
/// @throws InputError if the file is missing or unreadable, DataError if it holds no whole network
TrainedNetwork read_network(const std::string& path);

}  // namespace attnpaths
