#include "images/resize_image.hpp"

#include "base/random_stream.hpp"
#include "images/idx_file.hpp"
#include "images/image_files.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace attnpaths {
namespace {

Bytes resized(const Bytes& image, Index rows, Index columns, Index size) {
    Bytes result(static_cast<std::size_t>(size * size));
    ImageResizer(rows, columns, size)(image, result);
    return result;
}

Bytes random_image(std::size_t length) {
    RandomStream stream(1, "resize test", length);
    Bytes image(length);
    for (std::uint8_t& pixel : image) pixel = static_cast<std::uint8_t>(stream.bits());
    return image;
}

TEST(ImageResizer, LeavesImagesOfTheSizeAsTheyAre) {
    const Bytes image = random_image(32 * 32);
    EXPECT_EQ(resized(image, 32, 32, 32), image);
}

TEST(ImageResizer, KeepsOneGrey) {
    for (const int grey : {0, 1, 128, 254, 255}) {
        const auto pixel = static_cast<std::uint8_t>(grey);
        EXPECT_EQ(resized(Bytes(105 * 105, pixel), 105, 105, 32), Bytes(32 * 32, pixel));
        EXPECT_EQ(resized(Bytes(28 * 28, pixel), 28, 28, 32), Bytes(32 * 32, pixel));
    }
}

/// The filter as an integral would have it: both axes at once, no rounding in between.
double triangle_average(const Bytes& image, Index side, Index size, Index row, Index column) {
    const double scale = static_cast<double>(side) / static_cast<double>(size);
    const double reach = std::max(scale, 1.0);
    const auto weight = [&](Index output, Index input) {
        const double centre = (static_cast<double>(output) + 0.5) * scale;
        return std::max(0.0, 1 - std::abs(static_cast<double>(input) + 0.5 - centre) / reach);
    };
    double sum = 0;
    double total = 0;
    for (Index i = 0; i < side; ++i) {
        for (Index j = 0; j < side; ++j) {
            const double both = weight(row, i) * weight(column, j);
            sum += both * image[static_cast<std::size_t>(i * side + j)];
            total += both;
        }
    }
    return sum / total;
}

TEST(ImageResizer, IsTheTriangleFilterUpToRounding) {
    for (const Index side : {105, 28, 33, 17}) {
        const Bytes image = random_image(static_cast<std::size_t>(side * side));
        const Bytes small = resized(image, side, side, 32);
        for (Index row = 0; row < 32; ++row)
            for (Index column = 0; column < 32; ++column)
                ASSERT_NEAR(small[static_cast<std::size_t>(row * 32 + column)],
                            triangle_average(image, side, 32, row, column), 1.01)
                    << side << " " << row << " " << column;
    }
}

TEST(ImageResizer, MirroredImagesGiveMirroredImages) {
    Bytes image = random_image(105 * 105);
    Bytes expected = resized(image, 105, 105, 32);
    for (std::size_t row = 0; row < 105; ++row)
        std::reverse(image.begin() + static_cast<std::ptrdiff_t>(105 * row),
                     image.begin() + static_cast<std::ptrdiff_t>(105 * row + 105));
    for (std::size_t row = 0; row < 32; ++row)
        std::reverse(expected.begin() + static_cast<std::ptrdiff_t>(32 * row),
                     expected.begin() + static_cast<std::ptrdiff_t>(32 * row + 32));
    EXPECT_EQ(resized(image, 105, 105, 32), expected);
}

TEST(ImageResizer, TakesOblongImages) {
    Bytes image(6 * 3, 0);
    for (std::size_t row = 3; row < 6; ++row)
        for (std::size_t column = 0; column < 3; ++column) image[row * 3 + column] = 200;
    const Bytes small = resized(image, 6, 3, 2);
    EXPECT_EQ(small[0], small[1]);
    EXPECT_EQ(small[2], small[3]);
    EXPECT_EQ(small[0] + small[2], 200);
}

TEST(ImageResizer, GivesThePublishedBytesOfARealDigit) {
    if (!real_images()) GTEST_SKIP() << no_real_images;
    const TemporaryFolder folder;
    IdxFile file(find_idx_file(*real_images() + "/mnist", "t10k-images-idx3-ubyte"),
                 IdxFile::Content::images);
    Bytes digit(28 * 28);
    file.read(digit);
    const Bytes image = resized(digit, 28, 28, 32);
    EXPECT_EQ(std::accumulate(image.begin(), image.end(), 0), 24011);
    EXPECT_EQ(*std::max_element(image.begin(), image.end()), 254);
    EXPECT_EQ(md5(folder, image), "7c1f7221a3199de076997de8ede5ca21");
}

}  // namespace
}  // namespace attnpaths
