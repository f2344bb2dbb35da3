#pragma once

#include "images/image_set.hpp"

#include <string>
#include <vector>

namespace attnpaths {

/// Chosen classes of an image set that is published as MNIST is: train-images-idx3-ubyte,
/// train-labels-idx1-ubyte, t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte, plain or .gz, in one folder. A
/// label gives two classes, of its images in the train files (Split::train) and in the t10k files
/// (Split::test), in the order of the files; classes are ordered by split, then as in `labels`.
/// @param size       rows and columns that images are resized to
/// @param deviation  of grey values (ImageSet::deviation)
/// @param labels     the labels to keep
/// @throws InputError, DataError naming the file
ImageSet read_idx_image_set(const std::string& folder, const std::string& name, Index size, double deviation,
                            const std::vector<int>& labels);

/// All classes of the train files of such a set, for episodes: the labels in ascending order, the first half
/// for training, then half of what is left for validation, the last ones for tests.
ImageSet read_idx_classes(const std::string& folder, Index size);

}  // namespace attnpaths
