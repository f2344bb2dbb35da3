#include "images/png_image.hpp"

#include "base/error.hpp"
#include "files/file_content.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <csetjmp>
#include <cstring>
#include <new>
#include <png.h>

namespace attnpaths {

namespace {

constexpr png_uint_32 longest_png_side = 1U << 14U;
constexpr std::uint64_t most_pixels = std::uint64_t{1} << 26U;
constexpr std::uint64_t largest_file = std::uint64_t{1} << 28U;

/// libpng's reader of bytes in memory; freed whatever happens. libpng leaves a call that fails by longjmp,
/// which runs no destructors: what is called through attempt() owns nothing.
class Decoder {
  public:
    explicit Decoder(std::span<const std::uint8_t> bytes) : rest_(bytes) {
        png_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, this, fail, ignore);
        if (png_ != nullptr) info_ = png_create_info_struct(png_);
        if (info_ == nullptr) {
            png_destroy_read_struct(&png_, nullptr, nullptr);
            throw std::bad_alloc();
        }
    }
    Decoder(const Decoder&) = delete;
    Decoder& operator=(const Decoder&) = delete;
    ~Decoder() { png_destroy_read_struct(&png_, &info_, nullptr); }

    /// Reads up to the pixels, and asks for 8 bits of grey or red, green, blue, each with or without alpha.
    [[nodiscard]] bool read_header() {
        return attempt([](Decoder& self) {
            png_set_read_fn(self.png_, &self, read);
            // Sizes are judged by us, who can say what the limit is.
            png_set_user_limits(self.png_, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
            // Of the chunks between, none but palette and transparency matters; others are not even unpacked.
            png_set_keep_unknown_chunks(self.png_, PNG_HANDLE_CHUNK_NEVER, nullptr, -1);
            png_read_info(self.png_, self.info_);
            png_set_expand(self.png_);
            png_set_strip_16(self.png_);
            png_set_interlace_handling(self.png_);
        });
    }
    [[nodiscard]] png_uint_32 rows() const { return png_get_image_height(png_, info_); }
    [[nodiscard]] png_uint_32 columns() const { return png_get_image_width(png_, info_); }

    /// After the header, once the size is known to be bearable.
    [[nodiscard]] bool prepare() {
        return attempt([](Decoder& self) { png_read_update_info(self.png_, self.info_); });
    }
    [[nodiscard]] std::size_t channels() const { return png_get_channels(png_, info_); }

    /// @param rows  pointers to the rows, each columns * channels bytes
    [[nodiscard]] bool read_pixels(std::vector<png_bytep>& rows) {
        rows_ = rows.data();
        return attempt([](Decoder& self) {
            png_read_image(self.png_, self.rows_);
            png_read_end(self.png_, nullptr);
        });
    }

    [[nodiscard]] const char* message() const { return message_.data(); }

  private:
    /// @returns false if libpng failed; message() then says how
    bool attempt(void (*step)(Decoder&)) {
        if (setjmp(png_jmpbuf(png_)) != 0) return false;  // NOLINT(cert-err52-cpp): libpng's way
        step(*this);
        return true;
    }

    static Decoder& of(void* pointer) { return *static_cast<Decoder*>(pointer); }

    [[noreturn]] static void fail(png_structp png, png_const_charp message) {
        std::array<char, 80>& kept = of(png_get_error_ptr(png)).message_;
        std::strncpy(kept.data(), message, kept.size() - 1);
        png_longjmp(png, 1);
    }
    static void ignore(png_structp, png_const_charp) {}

    static void read(png_structp png, png_bytep target, std::size_t bytes) {
        std::span<const std::uint8_t>& rest = of(png_get_io_ptr(png)).rest_;
        if (bytes > rest.size()) png_error(png, "it ends too soon");
        std::copy_n(rest.begin(), bytes, target);
        rest = rest.subspan(bytes);
    }

    std::span<const std::uint8_t> rest_;
    png_structp png_ = nullptr;
    png_infop info_ = nullptr;
    png_bytepp rows_ = nullptr;
    std::array<char, 80> message_{};
};

/// A sample over white.
unsigned over_white(unsigned sample, unsigned alpha) {
    return (sample * alpha + 255U * (255U - alpha) + 127U) / 255U;
}

std::uint8_t grey_of(const std::uint8_t* pixel, std::size_t channels) {
    const bool has_alpha = channels % 2 == 0;
    const unsigned alpha = has_alpha ? pixel[channels - 1] : 255U;
    if (channels <= 2) return static_cast<std::uint8_t>(over_white(pixel[0], alpha));
    constexpr std::array<unsigned, 3> weights = {19595, 38470, 7471};
    unsigned luma = 1U << 15U;
    for (std::size_t colour = 0; colour < 3; ++colour)
        luma += weights[colour] * over_white(pixel[colour], alpha);
    return static_cast<std::uint8_t>(luma >> 16U);
}

}  // namespace

GreyImage read_png(std::span<const std::uint8_t> bytes, const std::string& name) {
    Decoder decoder(bytes);
    const auto check = [&](bool succeeded) {
        if (!succeeded)
            throw DataError(fmt::format("{}: is not a whole PNG image ({}); unpack the set again", name,
                                        decoder.message()));
    };
    check(decoder.read_header());
    const png_uint_32 rows = decoder.rows();
    const png_uint_32 columns = decoder.columns();
    if (rows > longest_png_side || columns > longest_png_side || std::uint64_t{rows} * columns > most_pixels)
        throw DataError(fmt::format(
            "{}: {} x {} pixels are more than this program takes, {} rows or columns and {} pixels; make it "
            "smaller",
            name, rows, columns, longest_png_side, most_pixels));
    check(decoder.prepare());
    const std::size_t channels = decoder.channels();
    std::vector<std::uint8_t> samples(std::size_t{rows} * columns * channels);
    std::vector<png_bytep> row_starts(rows);
    for (std::size_t row = 0; row < rows; ++row) row_starts[row] = &samples[row * columns * channels];
    check(decoder.read_pixels(row_starts));

    GreyImage grey{static_cast<Index>(rows), static_cast<Index>(columns), {}};
    grey.pixels.resize(std::size_t{rows} * columns);
    for (std::size_t i = 0; i < grey.pixels.size(); ++i)
        grey.pixels[i] = grey_of(&samples[i * channels], channels);
    return grey;
}

GreyImage read_png(const std::string& path) {
    const std::string content = read_file_content(path, largest_file);
    return read_png({reinterpret_cast<const std::uint8_t*>(content.data()), content.size()}, path);
}

}  // namespace attnpaths
