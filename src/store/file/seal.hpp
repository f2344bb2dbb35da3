#pragma once

#include "files/posix_file.hpp"

#include <cstdint>
#include <string>

namespace attnpaths {

/// Size of the HDF5 user block in which a store carries its seal: magic text, checksum and length of all that
/// follows.
inline constexpr std::uint64_t seal_bytes = 512;

/// A store file as somebody left it: the file itself, its length and the checksum of its content.
struct SealedFile {
    FileState state;
    std::uint64_t checksum = 0;
    bool operator==(const SealedFile&) const = default;
};

/// Computes the checksum of a finished store file, writes it into the user block and returns when all is on
/// disk.
/// @throws OutputError
SealedFile seal_store_file(PosixFile& file);

/// Checks a store file against its seal by reading it once: any damaged byte is found.
/// @param name  of the file in messages, where it is a copy of another one
/// @throws InputError if it cannot be read, DataError if it is no store, of another version, cut short or
/// damaged
SealedFile check_store_file(const PosixFile& file, const std::string& name);
SealedFile check_store_file(const std::string& path);

/// As check_store_file, but of the content only the length: takes no time for a file of any size.
void check_store_length(const std::string& path);

}  // namespace attnpaths
