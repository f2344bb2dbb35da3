#pragma once

#include "images/image_set.hpp"

#include <cstdint>

namespace attnpaths {

/// An invented alphabet, for trying things out without real images. A glyph is a few curved strokes; every
/// image of it is drawn by another hand: the strokes waver, and the whole is turned, scaled and shifted a
/// little. Drawn like Omniglot's scans, 105 x 105 pixels of ink or paper, then resized as they are.
struct GlyphAlphabet {
    Index train_classes = 64;
    Index validation_classes = 16;
    Index test_classes = 16;
    Index images_per_class = 20;
    std::uint64_t seed = 1;
};

/// Draws the alphabet. An image depends on seed, split, its class's number and its own, never on how many
/// others there are.
/// @param size  rows and columns that images are resized to
ImageSet make_glyphs(const GlyphAlphabet& alphabet, Index size);

}  // namespace attnpaths
