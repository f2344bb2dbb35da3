#pragma once

#include "images/image_set.hpp"
#include "tasks/one_shot/episode.hpp"

#include <array>
#include <span>
#include <vector>

namespace attnpaths {

/// How images are cut into tokens.
struct PatchShape {
    Index size = 8;      ///< rows and columns of a square patch
    Index channels = 3;  ///< every grey value appears so many times in a row

    [[nodiscard]] Index width() const { return size * size * channels; }  ///< N0
};

/// Vectors that mark the tokens of an image with its label, standard normal: 0, 1, unknown. They are part of
/// a network: it works with those that it was trained with. Rounded to 32-bit numbers.
/// @returns [width, 3]
Matrix draw_label_vectors(std::uint64_t seed, Index width);

/// Tokens of the episodes of an image set: the patches of the three images, row by row, each normalised to
/// mean 0 and variance 1 over its features (a blank patch is 0), plus the position of the token among all of
/// them (sinusoidal_positions.hpp), plus the vector of the image's label. Features of a patch: row, column,
/// channel, the channel fastest. The normalised patches of all images are kept, 4 bytes a pixel, so that an
/// episode costs a few microseconds.
class EpisodeTokens {
  public:
    /// @param label_vectors  [N0, 3]
    /// @throws UsageError if images are not whole patches
    EpisodeTokens(const ImageSet& images, PatchShape patch, const Matrix& label_vectors);

    [[nodiscard]] Index input_width() const noexcept { return patch_.width(); }       ///< N0
    [[nodiscard]] Index tokens() const noexcept { return 3 * patches_per_image_; }    ///< of an episode
    [[nodiscard]] Index values() const noexcept { return tokens() * input_width(); }  ///< of an episode

    /// The two parts of a token: the grey values of its patch, each of which enters `channels` features, and
    /// position plus label vector.
    [[nodiscard]] const PatchShape& patch() const noexcept { return patch_; }
    /// Normalised patches of an image, [patches, size * size].
    [[nodiscard]] std::span<const float> patches(std::int32_t image) const;
    /// Positions plus the vector of a label, [tokens, N0].
    [[nodiscard]] std::span<const float> constants(ShownLabel label) const {
        return constants_[static_cast<std::size_t>(label)];
    }

    /// Writes the tokens of an episode, [tokens, N0], the features of a token side by side.
    /// @param x  values() numbers
    void expand(const Episode& episode, std::span<float> x) const;

  private:
    PatchShape patch_;
    Index patches_per_image_;
    std::vector<float> patches_;                   // [images, patches, size * size]
    std::array<std::vector<float>, 3> constants_;  // per label: positions plus label vector, [tokens, N0]
};

}  // namespace attnpaths
