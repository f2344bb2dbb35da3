#pragma once

#include "images/image_set.hpp"

#include <string>

namespace attnpaths {

/// Which images, and as what.
struct ImageChoice {
    std::string source;       ///< of read_images
    Index size = 32;          ///< rows and columns that images are resized to
    Index train_classes = 0;  ///< keep the first ones only; of glyphs, draw as many (and a quarter of that
                              ///< for validation and for tests each); 0: all (of glyphs: 64)
    bool rotations = false;   ///< add every training class turned by 90, 180 and 270 degrees
};

/// Images for one-shot classification, from wherever a user has them:
///   "glyphs"                                          an invented alphabet (glyphs.hpp)
///   a folder with images_background or images_evaluation   Omniglot as published (omniglot.hpp)
///   a folder with omniglot-images-idx3-ubyte[.gz] and omniglot-classes.tsv   the same as one file and a
///   table a folder with train-images-idx3-ubyte[.gz]        a set published as MNIST is (idx_image_set.hpp)
/// @throws InputError if the source is none of these, UsageError if it has fewer classes
ImageSet read_images(const ImageChoice& choice);

}  // namespace attnpaths
