#include "images/idx_file.hpp"

#include "base/error.hpp"
#include "files/descriptor.hpp"
#include "files/posix_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <zlib.h>

namespace attnpaths {

namespace {

constexpr std::uint32_t magic_of_labels = 0x0801;  // unsigned bytes, one axis
constexpr std::uint32_t magic_of_images = 0x0803;  // unsigned bytes, three axes
constexpr Index longest_side = 1 << 14;            // pixels; a header beyond it is no image's
constexpr Index most_items = Index{1} << 28U;      // labels or images
constexpr Index most_bytes = Index{1} << 33U;      // of pixels
constexpr unsigned largest_read = 1U << 30U;       // zlib counts in unsigned int

constexpr char again[] = "download or copy it again";

std::uint32_t big_endian(const std::uint8_t* bytes) {
    return (std::uint32_t{bytes[0]} << 24U) | (std::uint32_t{bytes[1]} << 16U) |
           (std::uint32_t{bytes[2]} << 8U) | std::uint32_t{bytes[3]};
}

gzFile zlib_file(void* file) {
    return static_cast<gzFile>(file);
}

}  // namespace

void IdxFile::Close::operator()(void* file) const {
    gzclose_r(zlib_file(file));
}

IdxFile::IdxFile(const std::string& path, Content content) : path_(path), content_(content) {
    std::error_code error;
    if (!std::filesystem::exists(path, error))
        throw InputError(path + ": no such file; download it, or name the folder it is in");
    const PosixFile file = PosixFile::open(path);
    size_ = file.size();
    // zlib closes what it is given.
    Descriptor descriptor(::fcntl(file.descriptor(), F_DUPFD_CLOEXEC, 0));
    if (descriptor.is_open()) file_.reset(gzdopen(descriptor.number(), "rb"));
    if (!file_) throw InputError(fmt::format("{}: cannot be read: {}", path, std::strerror(errno)));
    static_cast<void>(descriptor.release());

    const bool images = content == Content::images;
    std::array<std::uint8_t, 16> header{};
    const std::size_t length = images ? 16 : 8;
    if (read_some({header.data(), length}) < length)
        throw DataError(fmt::format("{}: is too short for an idx file; {}", path, again));
    const std::uint32_t magic = big_endian(header.data());
    const std::uint32_t expected = images ? magic_of_images : magic_of_labels;
    if (magic != expected)
        throw DataError(fmt::format(
            "{}: starts with the number {:#010x}{}, but a file of {} starts with {:#010x}; give an {}-ubyte "
            "file",
            path, magic,
            magic == magic_of_labels   ? " of labels"
            : magic == magic_of_images ? " of images"
                                       : "",
            images ? "images" : "labels", expected, images ? "idx3" : "idx1"));
    count_ = big_endian(header.data() + 4);
    if (images) {
        rows_ = big_endian(header.data() + 8);
        columns_ = big_endian(header.data() + 12);
    }
    if (count_ < 1 || rows_ < 1 || columns_ < 1 || rows_ > longest_side || columns_ > longest_side)
        throw DataError(
            fmt::format("{}: its header promises {}, which cannot be; {}", path, promise(), again));
    check_size(length);
    bytes_read_ = 0;
}

/// What the header promises must be bearable, and must be what a file of this size can hold.
void IdxFile::check_size(std::size_t header) const {
    if (count_ > most_items || count_ > most_bytes / (rows_ * columns_))
        throw DataError(
            fmt::format("{}: its header promises {}, more than this program takes, {} items and {} bytes; {}",
                        path_, promise(), most_items, most_bytes, again));
    constexpr std::uint64_t best_compression = 1032;  // of deflate
    const bool plain = gzdirect(zlib_file(file_.get())) != 0;
    const auto promised = static_cast<std::uint64_t>(count_ * rows_ * columns_);
    const std::uint64_t held = size_ < header ? 0 : size_ - header;
    if (promised > (plain ? held : size_ * best_compression))
        throw DataError(fmt::format("{}: its header promises {}, {} bytes, but it holds {}{}; {}", path_,
                                    promise(), promised, plain ? held : size_,
                                    plain ? "" : " compressed ones, too few for that", again));
}

std::string IdxFile::promise() const {
    return content_ == Content::images ? fmt::format("{} images of {} x {} pixels", count_, rows_, columns_)
                                       : fmt::format("{} labels", count_);
}

std::size_t IdxFile::read_some(std::span<std::uint8_t> bytes) {
    std::size_t done = 0;
    while (done < bytes.size()) {
        const auto part = static_cast<unsigned>(std::min<std::size_t>(bytes.size() - done, largest_read));
        const int got = gzread(zlib_file(file_.get()), bytes.data() + done, part);
        int code = Z_OK;
        const char* reason = gzerror(zlib_file(file_.get()), &code);
        if (code == Z_BUF_ERROR)
            throw DataError(fmt::format("{}: its compressed data end too soon; {}", path_, again));
        if (code == Z_ERRNO)
            throw InputError(fmt::format("{}: cannot be read: {}", path_, std::strerror(errno)));
        if (got < 0)
            throw DataError(
                fmt::format("{}: its compressed data are damaged ({}); {}", path_, reason, again));
        if (got == 0) break;
        done += static_cast<std::size_t>(got);
    }
    bytes_read_ += done;
    return done;
}

void IdxFile::read(std::span<std::uint8_t> bytes) {
    if (read_some(bytes) < bytes.size())
        throw DataError(fmt::format("{}: its header promises {}, {} bytes, but it holds {}; {}", path_,
                                    promise(), count_ * rows_ * columns_, bytes_read_, again));
}

void IdxFile::expect_end() {
    std::uint8_t surplus = 0;
    if (read_some({&surplus, 1}) > 0)
        throw DataError(fmt::format("{}: its header promises {}, {} bytes, but it holds more; {}", path_,
                                    promise(), count_ * rows_ * columns_, again));
}

std::vector<std::uint8_t> read_idx_labels(const std::string& path) {
    IdxFile file(path, IdxFile::Content::labels);
    std::vector<std::uint8_t> labels;
    // Piece by piece: a wrong header must not make us ask for memory that the file does not fill.
    constexpr Index piece = 1 << 20;
    for (Index done = 0; done < file.count(); done += piece) {
        const auto length = static_cast<std::size_t>(std::min(piece, file.count() - done));
        labels.resize(labels.size() + length);
        file.read(std::span(labels).last(length));
    }
    file.expect_end();
    return labels;
}

std::string find_idx_file(const std::string& folder, const std::string& name) {
    const std::filesystem::path plain = std::filesystem::path(folder) / name;
    std::error_code error;
    if (std::filesystem::exists(plain, error)) return plain.string();
    std::string compressed = plain.string() + ".gz";
    if (std::filesystem::exists(compressed, error)) return compressed;
    throw InputError(fmt::format("{}: has neither {} nor {}.gz; download the set's idx files into it", folder,
                                 name, name));
}

}  // namespace attnpaths
