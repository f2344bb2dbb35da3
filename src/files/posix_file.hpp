#pragma once

#include "files/descriptor.hpp"
#include "files/file_paths.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace attnpaths {

/// Owner of an open file; every error names the file and the system's reason.
class PosixFile {
  public:
    /// Opens a regular file, links followed. Never waits: a pipe or device is refused.
    /// @throws InputError if the file is missing, unreadable or not a regular file; OutputError (exit code
    /// 74)
    ///         if the storage fails (EIO, ESTALE)
    static PosixFile open(const std::string& path);
    /// Opens for reading and writing. @throws CreateError if that is not permitted
    static PosixFile open_for_writing(const std::string& path);
    /// Makes the file, or empties it. @throws CreateError
    static PosixFile create(const std::string& path);
    /// Makes a file that does not exist; a symbolic link of that name is not followed but refused.
    /// @param for_what  the file that messages name
    /// @throws CreateError
    static PosixFile create_exclusively(const std::string& path, const std::string& for_what);

    /// Takes a file over that was opened elsewhere (Folder). @throws InputError if it is not a regular file
    static PosixFile adopt(const std::string& path, Descriptor descriptor);

    PosixFile(PosixFile&& other) noexcept
        : path_(std::move(other.path_)),
          name_(std::move(other.name_)),
          descriptor_(std::exchange(other.descriptor_, -1)) {}
    PosixFile& operator=(PosixFile&& other) noexcept {
        std::swap(path_, other.path_);
        std::swap(name_, other.name_);
        std::swap(descriptor_, other.descriptor_);
        return *this;
    }
    PosixFile(const PosixFile&) = delete;
    PosixFile& operator=(const PosixFile&) = delete;
    ~PosixFile();

    [[nodiscard]] const std::string& path() const noexcept { return path_; }
    [[nodiscard]] int descriptor() const noexcept { return descriptor_; }
    /// A name by which a library opens exactly this file, whatever its path names by then:
    /// /proc/self/fd/N, or the path where the system has no such names.
    [[nodiscard]] std::string openable_name() const;
    [[nodiscard]] std::uint64_t size() const;
    /// User who owns the file. @throws InputError
    [[nodiscard]] std::uint32_t owner() const;
    /// Seconds since 1970 at which its content was last changed. @throws InputError
    [[nodiscard]] double changed() const;
    /// Which file this is, and its length. @throws InputError
    [[nodiscard]] FileState state() const;

    /// Reads up to `bytes` bytes from `offset`. @returns how many there were. @throws InputError
    std::size_t read_at(std::uint64_t offset, void* target, std::size_t bytes) const;
    /// @throws OutputError
    void write_at(std::uint64_t offset, std::string_view bytes);
    /// Cuts the file. @throws OutputError
    void truncate(std::uint64_t bytes);
    /// Returns when the file's content is on disk. @throws OutputError
    void sync();
    /// Renames the file over `path` and syncs the folder. @throws OutputError
    void rename(const std::string& path);
    /// Takes over all bytes of another file, which replace its own. @throws InputError or OutputError
    void copy_from(const PosixFile& source);

  private:
    PosixFile(const std::string& path, std::string name, int descriptor)
        : path_(path), name_(std::move(name)), descriptor_(descriptor) {}

    std::string path_;
    std::string name_;  ///< for messages: of the file that this one is to become
    int descriptor_ = -1;
};

}  // namespace attnpaths
