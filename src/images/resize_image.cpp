#include "images/resize_image.hpp"

#include <algorithm>
#include <cmath>

namespace attnpaths {

namespace {
constexpr unsigned fraction_bits = 22;
}  // namespace

std::vector<ImageResizer::Taps> ImageResizer::taps(Index length, Index size) {
    const double scale = static_cast<double>(length) / static_cast<double>(size);
    const double support = std::max(scale, 1.0);
    std::vector<Taps> all(static_cast<std::size_t>(size));
    for (Index pixel = 0; pixel < size; ++pixel) {
        const double centre = (static_cast<double>(pixel) + 0.5) * scale;
        const auto first = std::max(static_cast<Index>(std::floor(centre - support + 0.5)), Index{0});
        const auto end = std::min(static_cast<Index>(std::floor(centre + support + 0.5)), length);
        std::vector<double> weights;
        double total = 0;
        for (Index input = first; input < end; ++input) {
            const double distance = std::abs(static_cast<double>(input) + 0.5 - centre) / support;
            weights.push_back(std::max(1 - distance, 0.0));
            total += weights.back();
        }
        Taps& own = all[static_cast<std::size_t>(pixel)];
        own.first = first;
        for (const double weight : weights)
            own.weights.push_back(
                static_cast<std::int32_t>(std::floor(weight / total * (1U << fraction_bits) + 0.5)));
    }
    return all;
}

std::uint8_t ImageResizer::weighted(const Taps& taps, const std::uint8_t* pixels, Index stride) {
    std::int32_t sum = 1 << (fraction_bits - 1);
    const std::uint8_t* pixel = pixels + taps.first * stride;
    for (const std::int32_t weight : taps.weights) {
        sum += weight * *pixel;
        pixel += stride;
    }
    return static_cast<std::uint8_t>(std::clamp(sum / (1 << fraction_bits), 0, 255));
}

ImageResizer::ImageResizer(Index rows, Index columns, Index size)
    : rows_(rows),
      columns_(columns),
      size_(size),
      horizontal_(taps(columns, size)),
      vertical_(taps(rows, size)),
      narrowed_(static_cast<std::size_t>(rows * size)) {}

void ImageResizer::operator()(std::span<const std::uint8_t> image, std::span<std::uint8_t> result) {
    for (Index row = 0; row < rows_; ++row)
        for (Index column = 0; column < size_; ++column)
            narrowed_[static_cast<std::size_t>(row * size_ + column)] =
                weighted(horizontal_[static_cast<std::size_t>(column)], image.data() + row * columns_, 1);
    for (Index row = 0; row < size_; ++row)
        for (Index column = 0; column < size_; ++column)
            result[static_cast<std::size_t>(row * size_ + column)] =
                weighted(vertical_[static_cast<std::size_t>(row)], narrowed_.data() + column, size_);
}

}  // namespace attnpaths
