#pragma once

#include "images/image_set.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace attnpaths {

/// A character of Omniglot (Lake, Salakhutdinov and Tenenbaum 2015) by its place in the published folders,
/// which is also its place in the order of classes.
struct OmniglotCharacter {
    std::string set;        ///< images_background or images_evaluation
    std::string alphabet;   ///< e.g. Greek
    std::string character;  ///< e.g. character01

    friend bool operator<(const OmniglotCharacter& a, const OmniglotCharacter& b) {
        return std::tie(a.set, a.alphabet, a.character) < std::tie(b.set, b.alphabet, b.character);
    }
    [[nodiscard]] std::string name() const { return set + "/" + alphabet + "/" + character; }
};

/// Standard deviation of the published images' greys, 0 to 1, by which they are divided.
inline constexpr double omniglot_grey_deviation = 0.084;

inline constexpr std::string_view omniglot_background = "images_background";
inline constexpr std::string_view omniglot_evaluation = "images_evaluation";

/// The split by characters that few-shot learning has used since Vinyals et al. (2016): 1028 for training,
/// 172 for validation, 423 for tests. By alphabets, but for Gurmukhi, whose last four characters are for
/// tests.
Split vinyals_split(const OmniglotCharacter& character);

/// An empty image set named "omniglot".
ImageSet make_omniglot(Index size);

/// Appends the images of a character, of which there must be at least two.
/// @param pixels  [images, size, size], ink bright
void append_character(ImageSet& set, const OmniglotCharacter& character, Split split,
                      std::span<const std::uint8_t> pixels);

/// Turns a scan, dark ink on white paper, into bright ink on black.
void invert(std::vector<std::uint8_t>& pixels);

/// Omniglot as published: FOLDER/images_background and FOLDER/images_evaluation, each
/// ALPHABET/CHARACTER/ID_DRAWER.png (or .PNG). Classes are ordered by set, alphabet and character, images by
/// file name. Hidden entries, those of systems and archives (__MACOSX, @eaDir, Thumbs.db, ...) and other
/// files are left out, which the set's notes say.
/// @param size  rows and columns that images are resized to
/// @throws InputError if a folder is missing, DataError naming the image that is broken
ImageSet read_omniglot_folder(const std::string& folder, Index size);

/// The same set from an idx3-ubyte file (dark ink on white, as the PNG images) and a table of its classes,
/// tab-separated with a header line: columns set, alphabet, character, first_image (the class's images run
/// from it to the next class's), and vinyals_split (train, val or test). Order as in read_omniglot_folder.
/// @throws InputError, DataError naming file, line and column
ImageSet read_omniglot_table(const std::string& images, const std::string& table, Index size);

}  // namespace attnpaths
