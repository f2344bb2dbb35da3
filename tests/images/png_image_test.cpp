#include "images/png_image.hpp"

#include "base/error.hpp"
#include "images/png_variants.hpp"

#include <gmock/gmock.h>

#include <sys/stat.h>

namespace attnpaths {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

TEST(PngImage, ValuesAreThoseOfPillow) {
    const TemporaryFolder folder;
    for (const PngVariant& variant : png_variants) {
        write_file(folder.file(variant.name), png_bytes(variant));
        const GreyImage image = read_png(folder.file(variant.name));
        EXPECT_EQ(image.rows, png_rows) << variant.name;
        EXPECT_EQ(image.columns, png_columns) << variant.name;
        EXPECT_EQ(image.pixels, variant.pillow) << variant.name;
    }
}

/// An image whose header claims another size than its pixels have.
Bytes with_size(Bytes bytes, std::uint32_t wide, std::uint32_t high) {
    constexpr std::ptrdiff_t header =
        12;  // signature and length; then the type, from which the checksum runs
    const auto put = [&](std::ptrdiff_t place, std::uint32_t number) {
        const Bytes digits = big_endian(number);
        std::copy(digits.begin(), digits.end(), bytes.begin() + place);
    };
    put(header + 4, wide);
    put(header + 8, high);
    put(header + 17, static_cast<std::uint32_t>(crc32(0, &bytes[header], 17)));
    return bytes;
}

TEST(PngImage, SizesBeyondTheLimitsAreRefusedBeforeAnythingIsAllocated) {
    const Bytes good = png_bytes(png_variants[3]);
    const auto refuse = [&](std::uint32_t wide, std::uint32_t high, const std::string& words) {
        EXPECT_THAT([&] { read_png(with_size(good, wide, high), "a.png"); },
                    ThrowsMessage<DataError>(HasSubstr(words)))
            << wide << " x " << high;
    };
    const std::string limits =
        " pixels are more than this program takes, 16384 rows or columns and 67108864 pixels";
    refuse(0x7fffffff, 0x7fffffff, "a.png: 2147483647 x 2147483647" + limits);
    refuse(0x80000000, 0x80000000, "a.png: is not a whole PNG image (PNG unsigned integer out of range)");
    refuse(16385, 1, "a.png: 1 x 16385" + limits);
    refuse(16384, 8192, "a.png: 8192 x 16384" + limits);
    refuse(0, 3, "a.png: is not a whole PNG image");
    refuse(5, 4, "a.png: is not a whole PNG image (Not enough image data)");
}

TEST(PngImage, EveryPartOfAFileIsRefused) {
    for (const PngVariant& variant : png_variants) {
        const Bytes good = png_bytes(variant);
        for (std::size_t length = 0; length < good.size(); ++length)
            EXPECT_THROW(read_png(std::span(good).first(length), "a.png"), DataError)
                << variant.name << ": " << length;
    }
}

TEST(PngImage, OnlyRegularFilesAreOpened) {
    const TemporaryFolder folder;
    ASSERT_EQ(mkfifo(folder.file("pipe.png").c_str(), 0600), 0);
    EXPECT_THAT([&] { read_png(folder.file("pipe.png")); },
                ThrowsMessage<InputError>(HasSubstr("pipe.png: is a pipe, socket or device, not a file")));
    EXPECT_THAT([&] { read_png(folder.file("missing.png")); },
                ThrowsMessage<InputError>(HasSubstr("missing.png: cannot be read: No such file")));
}

}  // namespace
}  // namespace attnpaths
