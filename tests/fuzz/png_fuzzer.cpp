// PNG images: every file is read whole or refused with an error of the program.
#include "base/error.hpp"
#include "images/png_image.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

namespace {

/// Sizes that are read but take long and teach nothing: the header's width and height follow signature,
/// length and type.
bool is_slow(std::span<const std::uint8_t> bytes) {
    if (bytes.size() < 24) return false;
    const auto number = [&](std::size_t place) {
        std::uint64_t value = 0;
        for (const std::uint8_t byte : bytes.subspan(place, 4)) value = 256 * value + byte;
        return value;
    };
    const std::uint64_t pixels = number(16) * number(20);
    return pixels > (std::uint64_t{1} << 20U) && pixels <= (std::uint64_t{1} << 26U);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::span<const std::uint8_t> bytes(data, size);
    if (is_slow(bytes)) return -1;
    try {
        const attnpaths::GreyImage image = attnpaths::read_png(bytes, "image");
        if (image.rows < 1 || image.columns < 1) std::abort();
        if (image.pixels.size() != static_cast<std::size_t>(image.rows * image.columns)) std::abort();
    } catch (const attnpaths::Error&) {
        return 0;
    }
    return 0;
}
