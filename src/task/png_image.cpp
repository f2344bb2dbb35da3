#include "task/png_image.hpp"

#include "base/error.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <png.h>

namespace attnpaths {

namespace {

constexpr png_uint_32 longest_side = 1U << 14U;

struct CloseFile {
    void operator()(std::FILE* file) const { static_cast<void>(std::fclose(file)); }
};

/// libpng's reader; freed whatever happens.
struct Reader {
    png_image image{};
    Reader() { image.version = PNG_IMAGE_VERSION; }
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;
    ~Reader() { png_image_free(&image); }
};

}  // namespace

GreyImage read_png(const std::string& path) {
    const std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), "rbe"));
    if (!file) throw InputError(fmt::format("{}: cannot be read: {}", path, std::strerror(errno)));
    Reader reader;
    png_image& image = reader.image;
    const auto broken = [&] {
        return DataError(
            fmt::format("{}: is not a whole PNG image ({}); unpack the set again", path, image.message));
    };
    if (png_image_begin_read_from_stdio(&image, file.get()) == 0) throw broken();
    if (image.width > longest_side || image.height > longest_side)
        throw DataError(fmt::format("{}: {} x {} pixels are more than this program takes, {} x {}", path,
                                    image.height, image.width, longest_side, longest_side));
    image.format = PNG_FORMAT_GRAY;
    GreyImage grey{static_cast<Index>(image.height), static_cast<Index>(image.width), {}};
    grey.pixels.resize(PNG_IMAGE_SIZE(image));
    constexpr png_color white{255, 255, 255};  // behind transparent pixels
    if (png_image_finish_read(&image, &white, grey.pixels.data(), 0, nullptr) == 0) throw broken();
    return grey;
}

}  // namespace attnpaths
