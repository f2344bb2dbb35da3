#pragma once

#include "images/image_set.hpp"
#include "training/descent/training_settings.hpp"
#include "training/network_file.hpp"

namespace attnpaths {

/// The network before the first step: random weights, or those of the file that the settings name.
/// @param settings  take shape of patches and size of images from that file
/// @param images    receive the images of the settings
TrainedNetwork starting_network(TrainingSettings& settings, ImageSet& images);

}  // namespace attnpaths
