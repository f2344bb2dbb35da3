#pragma once

#include "network/architecture.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace attnpaths {

struct GreyImage {
    Index rows = 0;
    Index columns = 0;
    std::vector<std::uint8_t> pixels;  ///< [rows, columns], row by row; 0 = black, 255 = white
};

/// Reads a PNG image as 8-bit grey, whatever its depth and colours.
/// @throws InputError if the file is missing or unreadable, DataError if it is broken or not PNG
GreyImage read_png(const std::string& path);

}  // namespace attnpaths
