// Writes small image files for tests, and finds the real ones.
#pragma once

#include "network/architecture.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <png.h>
#include <string>
#include <vector>
#include <zlib.h>

namespace attnpaths {

using Bytes = std::vector<std::uint8_t>;

inline void write_file(const std::string& path, const Bytes& bytes) {
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

inline Bytes read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

inline void write_gzip(const std::string& path, const Bytes& bytes) {
    gzFile file = gzopen(path.c_str(), "wb");
    ASSERT_EQ(gzwrite(file, bytes.data(), static_cast<unsigned>(bytes.size())),
              static_cast<int>(bytes.size()));
    ASSERT_EQ(gzclose(file), Z_OK);
}

inline Bytes big_endian(std::uint32_t number) {
    Bytes bytes;
    for (const unsigned shift : {24U, 16U, 8U, 0U})
        bytes.push_back(static_cast<std::uint8_t>(number >> shift));
    return bytes;
}

/// Content of an idx file: magic number, sizes, then the bytes.
inline Bytes idx_bytes(std::uint32_t magic, const std::vector<std::uint32_t>& shape, const Bytes& values) {
    Bytes bytes;
    const auto add = [&](std::uint32_t number) {
        const Bytes digits = big_endian(number);
        bytes.insert(bytes.end(), digits.begin(), digits.end());
    };
    add(magic);
    for (const std::uint32_t length : shape) add(length);
    bytes.insert(bytes.end(), values.begin(), values.end());
    return bytes;
}

inline Bytes idx_labels(const Bytes& labels) {
    return idx_bytes(0x0801, {static_cast<std::uint32_t>(labels.size())}, labels);
}

inline Bytes idx_images(std::uint32_t count, std::uint32_t rows, std::uint32_t columns, const Bytes& pixels) {
    return idx_bytes(0x0803, {count, rows, columns}, pixels);
}

/// An image of 1 bit per pixel (0 or 255), as Omniglot's scans.
inline void write_png(const std::string& path, Index side, const Bytes& pixels) {
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::FILE* file = std::fopen(path.c_str(), "wb");
    ASSERT_NE(file, nullptr);
    png_structp writer = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
    png_infop info = png_create_info_struct(writer);
    png_init_io(writer, file);
    png_set_IHDR(writer, info, static_cast<png_uint_32>(side), static_cast<png_uint_32>(side), 1,
                 PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    png_write_info(writer, info);
    png_set_packing(writer);
    for (Index row = 0; row < side; ++row) {
        Bytes bits;
        for (Index column = 0; column < side; ++column)
            bits.push_back(pixels[static_cast<std::size_t>(row * side + column)] > 0 ? 1 : 0);
        png_write_row(writer, bits.data());
    }
    png_write_end(writer, nullptr);
    png_destroy_write_struct(&writer, &info);
    std::fclose(file);
}

/// The folder of the real images, with omniglot/ and mnist/ in it.
inline std::optional<std::string> real_images() {
    const char* folder = std::getenv("ATTNPATHS_DATA");
    if (folder == nullptr || !std::filesystem::exists(folder)) return std::nullopt;
    return folder;
}

inline constexpr char no_real_images[] =
    "set ATTNPATHS_DATA to a folder with omniglot/ and mnist/ to test with the real images";

/// MD5 of bytes by the system's md5sum, in hexadecimal digits.
inline std::string md5(const TemporaryFolder& folder, const Bytes& bytes) {
    write_file(folder.file("bytes"), bytes);
    std::FILE* pipe = popen(("md5sum '" + folder.file("bytes") + "'").c_str(), "r");
    std::array<char, 33> digits{};
    if (pipe == nullptr || std::fgets(digits.data(), digits.size(), pipe) == nullptr) return "md5sum failed";
    pclose(pipe);
    return digits.data();
}

}  // namespace attnpaths
