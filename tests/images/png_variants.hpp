#pragma once

#include "images/image_files.hpp"

#include <array>
#include <functional>
#include <png.h>
#include <vector>
#include <zlib.h>

namespace attnpaths {

/// Size of every variant.
constexpr png_uint_32 png_rows = 3;
constexpr png_uint_32 png_columns = 5;

/// What a test image is, but for its pixels.
struct PngVariant {
    const char* name;
    int depth;
    int colour;
    Bytes pillow;  ///< the grey values that are right
    int interlace = PNG_INTERLACE_NONE;
    /// Sets chunks between header and pixels.
    std::function<void(png_structp, png_infop)> chunks = {};
};

/// An image of 3 x 5 pixels as libpng writes it; sample k is (k * 40503 + 7) mod 2^depth of all samples in
/// order.
inline Bytes png_bytes(const PngVariant& variant) {
    Bytes bytes;
    png_structp writer = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
    png_infop info = png_create_info_struct(writer);
    const auto append = [](png_structp png, png_bytep data, std::size_t length) {
        auto& target = *static_cast<Bytes*>(png_get_io_ptr(png));
        target.insert(target.end(), data, data + length);
    };
    png_set_write_fn(writer, &bytes, append, nullptr);
    png_set_IHDR(writer, info, png_columns, png_rows, variant.depth, variant.colour, variant.interlace,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    if (variant.chunks) variant.chunks(writer, info);
    png_write_info(writer, info);
    png_set_packing(writer);
    const std::size_t samples = png_columns * png_get_channels(writer, info);
    std::vector<Bytes> lines(png_rows);
    std::vector<png_bytep> starts;
    for (std::size_t row = 0; row < png_rows; ++row) {
        for (std::size_t i = 0; i < samples; ++i) {
            const unsigned value =
                static_cast<unsigned>((row * samples + i) * 40503 + 7) & ((1U << variant.depth) - 1U);
            if (variant.depth == 16) lines[row].push_back(static_cast<std::uint8_t>(value >> 8U));
            lines[row].push_back(static_cast<std::uint8_t>(value));
        }
        starts.push_back(lines[row].data());
    }
    png_write_image(writer, starts.data());
    png_write_end(writer, nullptr);
    png_destroy_write_struct(&writer, &info);
    return bytes;
}

inline void set_palette(png_structp png, png_infop info) {
    std::array<png_color, 4> colours = {{{255, 0, 0}, {10, 200, 30}, {0, 0, 255}, {90, 91, 92}}};
    png_set_PLTE(png, info, colours.data(), 4);
}

inline void set_transparent_colour(png_structp png, png_infop info, png_uint_16 grey) {
    png_color_16 colour{0, grey, grey, grey, grey};
    png_set_tRNS(png, info, nullptr, 0, &colour);
}

/// A colour profile: its name, compression method 0, and the profile, of which nobody should unpack more than
/// this.
inline void set_profile(png_structp png, png_infop info) {
    Bytes content = {'l', 'i', 'n', 'e', 'a', 'r', 0, 0};
    const Bytes profile(200, 1);
    Bytes packed(300);
    uLongf length = packed.size();
    compress(packed.data(), &length, profile.data(), profile.size());
    content.insert(content.end(), packed.begin(), packed.begin() + static_cast<std::ptrdiff_t>(length));
    png_unknown_chunk chunk{{'i', 'C', 'C', 'P', 0}, content.data(), content.size(), PNG_HAVE_IHDR};
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_ALWAYS, chunk.name, 1);
    png_set_unknown_chunks(png, info, &chunk, 1);
}

/// Every kind of PNG image, with what Pillow 9.4 gives: of modes of 8 bits
///     white = Image.new("RGBA", image.size, (255, 255, 255, 255))
///     white.alpha_composite(image.convert("RGBA"))
///     white.convert("L").getdata()
/// and of mode I (16 bits of grey) the upper 8 bits of getdata(), white where a value is the transparent one.
inline const std::vector<PngVariant> png_variants = [] {
    // What neither interlacing nor a gamma or a profile changes.
    const Bytes grey_1 = {255, 0, 255, 0, 255, 0, 255, 0, 255, 0, 255, 0, 255, 0, 255};
    const Bytes grey_8 = {7, 62, 117, 172, 227, 26, 81, 136, 191, 246, 45, 100, 155, 210, 9};
    const Bytes grey_16 = {0, 158, 60, 218, 120, 23, 181, 83, 241, 143, 46, 204, 106, 8, 167};
    const Bytes rgb_8 = {52, 188, 126, 111, 171, 109, 94, 183, 92, 77, 166, 75, 211, 149, 58};
    const Bytes rgba_8 = {118, 168, 236, 234, 245, 131, 119, 118, 168, 237, 233, 244, 133, 120, 117};
    return std::vector<PngVariant>{
        {"grey-1", 1, PNG_COLOR_TYPE_GRAY, grey_1},
        {"grey-2", 2, PNG_COLOR_TYPE_GRAY, {255, 170, 85, 0, 255, 170, 85, 0, 255, 170, 85, 0, 255, 170, 85}},
        {"grey-4",
         4,
         PNG_COLOR_TYPE_GRAY,
         {119, 238, 85, 204, 51, 170, 17, 136, 255, 102, 221, 68, 187, 34, 153}},
        {"grey-8", 8, PNG_COLOR_TYPE_GRAY, grey_8},
        {"grey-16", 16, PNG_COLOR_TYPE_GRAY, grey_16},
        {"grey-8-interlaced", 8, PNG_COLOR_TYPE_GRAY, grey_8, PNG_INTERLACE_ADAM7},
        {"grey-1-interlaced", 1, PNG_COLOR_TYPE_GRAY, grey_1, PNG_INTERLACE_ADAM7},
        {"grey-8-gamma-1", 8, PNG_COLOR_TYPE_GRAY, grey_8, PNG_INTERLACE_NONE,
         [](png_structp png, png_infop info) { png_set_gAMA(png, info, 1.0); }},
        {"grey-16-gamma-1", 16, PNG_COLOR_TYPE_GRAY, grey_16, PNG_INTERLACE_NONE,
         [](png_structp png, png_infop info) { png_set_gAMA(png, info, 1.0); }},
        {"rgb-8-gamma-2.2", 8, PNG_COLOR_TYPE_RGB, rgb_8, PNG_INTERLACE_NONE,
         [](png_structp png, png_infop info) { png_set_gAMA(png, info, 0.45455); }},
        {"rgb-8-srgb", 8, PNG_COLOR_TYPE_RGB, rgb_8, PNG_INTERLACE_NONE,
         [](png_structp png, png_infop info) {
             png_set_sRGB_gAMA_and_cHRM(png, info, PNG_sRGB_INTENT_PERCEPTUAL);
         }},
        {"grey-8-profile", 8, PNG_COLOR_TYPE_GRAY, grey_8, PNG_INTERLACE_NONE, set_profile},
        {"rgb-8", 8, PNG_COLOR_TYPE_RGB, rgb_8},
        {"rgb-16",
         16,
         PNG_COLOR_TYPE_RGB,
         {100, 138, 130, 93, 55, 169, 131, 170, 133, 125, 87, 50, 163, 126, 165}},
        {"rgba-8", 8, PNG_COLOR_TYPE_RGB_ALPHA, rgba_8},
        {"rgba-8-interlaced", 8, PNG_COLOR_TYPE_RGB_ALPHA, rgba_8, PNG_INTERLACE_ADAM7},
        {"rgba-16",
         16,
         PNG_COLOR_TYPE_RGB_ALPHA,
         {122, 194, 180, 201, 175, 241, 171, 243, 169, 246, 185, 250, 185, 135, 186}},
        {"grey-alpha-8",
         8,
         PNG_COLOR_TYPE_GRAY_ALPHA,
         {195, 162, 252, 162, 193, 173, 173, 193, 162, 252, 162, 195, 172, 174, 192}},
        {"grey-alpha-16",
         16,
         PNG_COLOR_TYPE_GRAY_ALPHA,
         {97, 88, 243, 231, 247, 88, 250, 231, 241, 88, 95, 233, 236, 92, 91}},
        {"palette-2",
         2,
         PNG_COLOR_TYPE_PALETTE,
         {91, 29, 124, 76, 91, 29, 124, 76, 91, 29, 124, 76, 91, 29, 124},
         PNG_INTERLACE_NONE,
         set_palette},
        {"palette-2-transparent",
         2,
         PNG_COLOR_TYPE_PALETTE,
         {91, 29, 255, 165, 91, 29, 255, 165, 91, 29, 255, 165, 91, 29, 255},
         PNG_INTERLACE_NONE,
         [](png_structp png, png_infop info) {
             set_palette(png, info);
             std::array<png_byte, 2> alphas = {128, 0};
             png_set_tRNS(png, info, alphas.data(), 2, nullptr);
         }},
        {"grey-8-transparent",
         8,
         PNG_COLOR_TYPE_GRAY,
         {7, 255, 117, 172, 227, 26, 81, 136, 191, 246, 45, 100, 155, 210, 9},
         PNG_INTERLACE_NONE,
         [](png_structp png, png_infop info) { set_transparent_colour(png, info, 62); }},
        {"grey-16-transparent",
         16,
         PNG_COLOR_TYPE_GRAY,
         {0, 255, 60, 218, 120, 23, 181, 83, 241, 143, 46, 204, 106, 8, 167},
         PNG_INTERLACE_NONE,
         [](png_structp png, png_infop info) { set_transparent_colour(png, info, 40510); }},
        {"grey-16-nearly-transparent", 16, PNG_COLOR_TYPE_GRAY, grey_16, PNG_INTERLACE_NONE,
         [](png_structp png, png_infop info) { set_transparent_colour(png, info, 40511); }},
    };
}();

}  // namespace attnpaths
