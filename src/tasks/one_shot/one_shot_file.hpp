#pragma once

#include "h5/file.hpp"
#include "images/image_set.hpp"
#include "tasks/one_shot/episode_tokens.hpp"
#include "tasks/one_shot/sinusoidal_positions.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace attnpaths {

/// What a data set file of one-shot classification, or a file of a network trained for it, says about its
/// tokens, in the group /one-shot beside what every data set file has.
struct OneShotNotes {
    std::string images;  ///< name of the image set
    std::uint64_t seed = 0;
    Index image_size = 0;
    PatchShape patch;
    Matrix label_vectors;  ///< [N0, 3]

    Index train_classes = 0;
    Index validation_classes = 0;
    Index test_classes = 0;
    std::string first_class;                ///< name of the first training class ...
    std::vector<std::uint8_t> first_image;  ///< ... and its first image, [image_size, image_size], row by row
};

/// What can be held against a second implementation of images and positions.
struct CheckValues {
    std::int64_t sum = 0;       ///< of the pixels of the first image
    std::int64_t largest = 0;   ///< of them
    std::int64_t non_zero = 0;  ///< number of them
    TableScale positions;       ///< of the table of positions, before it is standardised
};
CheckValues check_values(const OneShotNotes& notes);

/// Notes on episodes of an image set.
OneShotNotes describe_one_shot(const ImageSet& images, PatchShape patch, const Matrix& label_vectors,
                               std::uint64_t seed);

/// Writes the group /one-shot: labels [3, N0], first_image [S, S], and the other notes and the check values
/// as attributes.
void write_notes(h5::File& file, const OneShotNotes& notes);

/// Reads them from a file that has them; none otherwise. Only labels and the attributes image_size,
/// patch_size and channels must be there.
/// @throws InputError, DataError naming file and object
std::optional<OneShotNotes> read_notes(const std::string& path);

}  // namespace attnpaths
