#pragma once

#include "network/architecture.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace attnpaths {

struct GreyImage {
    Index rows = 0;
    Index columns = 0;
    std::vector<std::uint8_t> pixels;  ///< [rows, columns], row by row; 0 = black, 255 = white
};

/// Reads a PNG image as 8-bit grey, whatever its depth and colours, to the values that Pillow, behind most
/// published image sets, gives:
///   - a sample means what is written: gAMA, sRGB, iCCP, cHRM, sBIT and bKGD change nothing;
///   - 1, 2 and 4 bits are stretched to 0 ... 255 (v 255 / (2^bits - 1), exact); of 16 bits the upper 8
///     count;
///   - transparency (alpha or tRNS; a tRNS colour of 16 bits is compared in all of them) is laid over white,
///     c = (s a + 255 (255 - a)) / 255, rounded, with alpha of 8 bits;
///   - colours weigh as ITU-R BT.601 luma, (19595 R + 38470 G + 7471 B) / 2^16, rounded.
/// At most 16384 rows, 16384 columns and 2^26 pixels.
/// @throws InputError if the file is missing or unreadable, DataError if it is broken, not PNG or too large
GreyImage read_png(const std::string& path);

/// The same from the bytes of a file. @param name  of the file, for messages
GreyImage read_png(std::span<const std::uint8_t> bytes, const std::string& name);

}  // namespace attnpaths
