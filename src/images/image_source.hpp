#pragma once

#include "images/image_set.hpp"

#include <string>

namespace attnpaths {

/// Images for one-shot classification, from wherever a user has them:
///   "glyphs"                                          an invented alphabet (glyphs.hpp)
///   a folder with images_background or images_evaluation   Omniglot as published (omniglot.hpp)
///   a folder with omniglot-images-idx3-ubyte[.gz] and omniglot-classes.tsv   the same as one file and a
///   table a folder with train-images-idx3-ubyte[.gz]        a set published as MNIST is (idx_image_set.hpp)
/// @param size           rows and columns that images are resized to
/// @param train_classes  keep the first ones only; of glyphs, draw as many (and a quarter of that for
///                       validation and for tests each); 0: all (of glyphs: 64)
/// @throws InputError if the source is none of these, UsageError if it has fewer classes
ImageSet read_images(const std::string& source, Index size, Index train_classes);

}  // namespace attnpaths
