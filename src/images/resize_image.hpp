#pragma once

#include "network/architecture.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace attnpaths {

/// Resizes 8-bit grey images by the antialiased triangle filter, axis by axis with 8-bit values in between:
/// the "bilinear" of the imaging library behind the published experiments, to the last bit.
class ImageResizer {
  public:
    /// @param rows, columns  size of the images that come
    /// @param size           rows and columns of the images that go
    ImageResizer(Index rows, Index columns, Index size);

    /// @param image   [rows, columns], row by row
    /// @param result  [size, size]
    void operator()(std::span<const std::uint8_t> image, std::span<std::uint8_t> result);

  private:
    /// What one output pixel takes along one axis: consecutive input pixels with weights in units of 2^-22.
    struct Taps {
        Index first = 0;
        std::vector<std::int32_t> weights;
    };
    static std::vector<Taps> taps(Index length, Index size);
    static std::uint8_t weighted(const Taps& taps, const std::uint8_t* pixels, Index stride);

    Index rows_;
    Index columns_;
    Index size_;
    std::vector<Taps> horizontal_;
    std::vector<Taps> vertical_;
    std::vector<std::uint8_t> narrowed_;  // [rows, size]
};

}  // namespace attnpaths
