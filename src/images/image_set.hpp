#pragma once

#include "network/architecture.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace attnpaths {

/// What a class of images is for: classes of different splits share no image.
enum class Split { train, validation, test };

/// "train", "validation" or "test".
const char* split_name(Split split);

struct ImageClass {
    std::string name;  ///< e.g. "images_background/Greek/character01"
    Split split = Split::train;
    Index first = 0;  ///< its images are first, ..., first + count - 1 of the set
    Index count = 0;
};

/// Grey images of known classes, all brought to one size.
struct ImageSet {
    std::string name;                  ///< e.g. "omniglot"
    Index size = 0;                    ///< S: rows and columns of every image
    std::vector<std::uint8_t> pixels;  ///< [images, S, S], row by row; 0 = background, 255 = ink
    std::vector<ImageClass> classes;
    /// The published experiments divide grey values in [0, 1] by it (after subtracting a mean that drops out
    /// later); it matters only against the small constant of the patches' normalisation.
    double deviation = 1;
    /// What the user should be told of the files, one line each: what was left out.
    std::vector<std::string> notes;

    [[nodiscard]] Index images() const;
    [[nodiscard]] std::span<const std::uint8_t> image(Index number) const;
    /// The classes of a split, in the order of the set.
    [[nodiscard]] std::vector<ImageClass> classes_of(Split split) const;
};

/// Leaves the first `count` training classes and all others.
/// @throws UsageError if there are fewer
void limit_train_classes(ImageSet& set, Index count);

/// Adds every training class turned by 90, 180 and 270 degrees (counter-clockwise) as further training
/// classes, after all classes that are there.
void add_rotated_classes(ImageSet& set);

}  // namespace attnpaths
