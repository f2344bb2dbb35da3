#include "tasks/one_shot/episode_tokens.hpp"

#include "base/error.hpp"
#include "tasks/one_shot/sinusoidal_positions.hpp"

#include <fmt/format.h>

#include <cmath>

namespace attnpaths {

namespace {

constexpr double layer_norm_epsilon = 1e-5;

Index whole_patches(const ImageSet& images, const PatchShape& patch) {
    if (patch.size < 1 || images.size % patch.size != 0)
        throw UsageError(fmt::format(
            "images of {} x {} pixels are not whole patches of {} x {}; choose a patch size that divides {}",
            images.size, images.size, patch.size, patch.size, images.size));
    return (images.size / patch.size) * (images.size / patch.size);
}

/// Normalises one patch. Grey values enter as integers, so that a blank patch becomes exactly 0.
void normalise(const std::uint8_t* corner, Index image_size, Index size, double deviation, float* result) {
    int sum = 0;
    for (Index row = 0; row < size; ++row)
        for (Index column = 0; column < size; ++column) sum += corner[row * image_size + column];
    const double mean = static_cast<double>(sum) / static_cast<double>(size * size);
    const double unit = 1 / (255 * deviation);
    double squares = 0;
    for (Index row = 0; row < size; ++row) {
        for (Index column = 0; column < size; ++column) {
            const double centred = (corner[row * image_size + column] - mean) * unit;
            squares += centred * centred;
        }
    }
    const double scale = unit / std::sqrt(squares / static_cast<double>(size * size) + layer_norm_epsilon);
    for (Index row = 0; row < size; ++row)
        for (Index column = 0; column < size; ++column)
            result[row * size + column] =
                static_cast<float>((corner[row * image_size + column] - mean) * scale);
}

}  // namespace

Matrix draw_label_vectors(std::uint64_t seed, Index width) {
    Matrix vectors(width, 3);
    for (Index label = 0; label < 3; ++label) {
        RandomStream stream(seed, "one-shot/label", static_cast<std::uint64_t>(label));
        for (Index feature = 0; feature < width; ++feature)
            vectors(feature, label) = static_cast<double>(static_cast<float>(stream.normal()));
    }
    return vectors;
}

EpisodeTokens::EpisodeTokens(const ImageSet& images, PatchShape patch, const Matrix& label_vectors)
    : patch_(patch), patches_per_image_(whole_patches(images, patch)) {
    const Index area = patch.size * patch.size;
    const Index across = images.size / patch.size;
    patches_.resize(static_cast<std::size_t>(images.images() * patches_per_image_ * area));
    float* next = patches_.data();
    for (Index image = 0; image < images.images(); ++image) {
        const std::uint8_t* pixels = images.image(image).data();
        for (Index number = 0; number < patches_per_image_; ++number, next += area)
            normalise(pixels + number / across * patch.size * images.size + number % across * patch.size,
                      images.size, patch.size, images.deviation, next);
    }
    const Matrix positions = standardised_positions(tokens(), input_width());
    for (std::size_t label = 0; label < constants_.size(); ++label) {
        constants_[label].resize(static_cast<std::size_t>(values()));
        Eigen::Map<Eigen::MatrixXf>(constants_[label].data(), input_width(), tokens()) =
            (positions.colwise() + label_vectors.col(static_cast<Index>(label))).cast<float>();
    }
}

std::span<const float> EpisodeTokens::patches(std::int32_t image) const {
    const Index pixels = patches_per_image_ * patch_.size * patch_.size;
    return {patches_.data() + Index{image} * pixels, static_cast<std::size_t>(pixels)};
}

void EpisodeTokens::expand(const Episode& episode, std::span<float> x) const {
    const Index channels = patch_.channels;
    const Index pixels = patches_per_image_ * patch_.size * patch_.size;  // of an image
    for (std::size_t place = 0; place < episode.images.size(); ++place) {
        const float* grey = patches_.data() + Index{episode.images[place]} * pixels;
        const Index start = static_cast<Index>(place) * pixels * channels;
        const float* constant = constants_[static_cast<std::size_t>(episode.labels[place])].data() + start;
        float* token = x.data() + start;
        if (channels == 3) {  // the usual case, without a loop inside
            for (Index pixel = 0; pixel < pixels; ++pixel, token += 3, constant += 3) {
                token[0] = grey[pixel] + constant[0];
                token[1] = grey[pixel] + constant[1];
                token[2] = grey[pixel] + constant[2];
            }
            continue;
        }
        for (Index pixel = 0; pixel < pixels; ++pixel)
            for (Index channel = 0; channel < channels; ++channel) *token++ = grey[pixel] + *constant++;
    }
}

}  // namespace attnpaths
