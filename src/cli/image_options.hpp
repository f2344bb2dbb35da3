#pragma once

#include "images/image_source.hpp"
#include "tasks/one_shot/episode_tokens.hpp"

#include <boost/program_options.hpp>

namespace attnpaths::cli {

/// Which images a command works on, and as what: the options that train, dataset one-shot and prune share.
struct ImageOptions {
    ImageChoice choice;
    PatchShape patch;
};

/// Adds --images and --train-classes. @param classes  help of the latter
void add_image_options(
    boost::program_options::options_description& options, ImageOptions& images,
    const char* classes =
        "learn from the first N classes only; of glyphs, draw N (default: all; of glyphs 64)");
/// Adds --augment, --image-size, --patch-size and --channels.
void add_token_options(boost::program_options::options_description& options, ImageOptions& images);

/// Judges what was given of them. @throws UsageError
void check_image_options(ImageOptions& images, const boost::program_options::variables_map& values);

/// Reads the images, and prints notes about what was left out to standard error. @throws InputError,
/// DataError
ImageSet read_noted_images(const ImageChoice& choice);

}  // namespace attnpaths::cli
