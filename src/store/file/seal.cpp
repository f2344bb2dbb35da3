#include "store/file/seal.hpp"

#include "base/error.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "files/posix_file.hpp"
#include "store/file/format_version.hpp"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <memory>
#include <new>
#include <sstream>
#include <vector>

namespace attnpaths {

namespace {

constexpr std::string_view seal_magic = "attnpaths-store ";

/// XXH3 of all bytes after the user block, read piece by piece.
std::uint64_t content_checksum(const PosixFile& file) {
    const std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> state(XXH3_createState(), &XXH3_freeState);
    if (state == nullptr) throw std::bad_alloc();
    XXH3_64bits_reset(state.get());
    std::vector<char> buffer(std::size_t{1} << 20U);
    std::uint64_t offset = seal_bytes;
    while (const std::size_t got = file.read_at(offset, buffer.data(), buffer.size())) {
        XXH3_64bits_update(state.get(), buffer.data(), got);
        offset += got;
    }
    return XXH3_64bits_digest(state.get());
}

std::string seal_text(std::uint64_t checksum, std::uint64_t length) {
    std::string text = fmt::format("{}{}\nchecksum xxh3-64 {} of the {} bytes after these {}\n", seal_magic,
                                   store_format_version, to_hex(checksum), length, seal_bytes);
    text.resize(seal_bytes, '\0');
    return text;
}

struct Seal {
    std::string block;
    std::string checksum;
    std::uint64_t length = 0;
};

Seal read_seal(const PosixFile& file, const std::string& path) {
    Seal seal;
    seal.block.resize(std::min<std::uint64_t>(seal_bytes, file.size()));
    file.read_at(0, seal.block.data(), seal.block.size());
    if (!seal.block.starts_with(seal_magic))
        throw DataError(path + ": is not an attnpaths store (or its first bytes are damaged)");
    std::istringstream words(seal.block);
    std::string word;
    std::int64_t version = 0;
    words >> word >> word;
    if (!parse_integer(word, version))
        throw DataError(path + ": is damaged in its first line; restore a copy of it");
    check_format_version(path, "store", version, store_format_version);
    words >> word >> word >> seal.checksum >> word >> word >> seal.length;
    if (!words)
        throw DataError(path + ": is damaged or cut short in its first 512 bytes; restore a copy of it");
    const std::uint64_t size = file.size();
    if (size < seal_bytes || seal.length != size - seal_bytes)
        throw DataError(fmt::format(
            "{}: has {} bytes, but {} were written; an incomplete copy, or changed by another program; "
            "copy it again",
            path, size, seal.length + seal_bytes));
    return seal;
}

}  // namespace

SealedFile seal_store_file(PosixFile& file) {
    const std::uint64_t checksum = content_checksum(file);
    file.write_at(0, seal_text(checksum, file.size() - seal_bytes));
    file.sync();
    return {file.state(), checksum};
}

SealedFile check_store_file(const PosixFile& file, const std::string& path) {
    const Seal seal = read_seal(file, path);
    const std::uint64_t checksum = content_checksum(file);
    // The whole block is compared, so that a damaged byte of the seal itself counts too.
    if (seal.block != seal_text(checksum, seal.length))
        throw DataError(fmt::format(
            "{}: is damaged: its checksum is {}, not {} as written; restore a copy, or remove it to compute "
            "its points again",
            path, to_hex(checksum), seal.checksum));
    return {file.state(), checksum};
}

SealedFile check_store_file(const std::string& path) {
    return check_store_file(PosixFile::open(path), path);
}

void check_store_length(const std::string& path) {
    read_seal(PosixFile::open(path), path);
}

}  // namespace attnpaths
