#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace attnpaths {

/// Owner of an open file; every error names the file and the system's reason.
class PosixFile {
  public:
    /// @throws InputError if the file is missing or unreadable
    static PosixFile open(const std::string& path);
    /// Opens for reading and writing. @throws CreateError if that is not permitted
    static PosixFile open_for_writing(const std::string& path);
    /// Makes the file, or empties it. @throws CreateError
    static PosixFile create(const std::string& path);

    PosixFile(PosixFile&& other) noexcept
        : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}
    PosixFile& operator=(PosixFile&& other) noexcept {
        std::swap(path_, other.path_);
        std::swap(descriptor_, other.descriptor_);
        return *this;
    }
    PosixFile(const PosixFile&) = delete;
    PosixFile& operator=(const PosixFile&) = delete;
    ~PosixFile();

    [[nodiscard]] const std::string& path() const noexcept { return path_; }
    [[nodiscard]] std::uint64_t size() const;

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
    PosixFile(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}

    std::string path_;
    int descriptor_ = -1;
};

/// Renames `from` over `to` and syncs the folder, so that the new name survives a power loss.
/// @throws OutputError
void replace_file(const std::string& from, const std::string& to);

/// Returns when the names in the folder of `path` are on disk. @throws OutputError
void sync_folder_of(const std::string& path);

/// Removes a file that may not exist.
void remove_file(const std::string& path) noexcept;

/// The file that a path means: where it is a symbolic link, what the link points to, so that replacing the
/// file does not replace the link, and that journal and lock lie beside the file whatever name it is called
/// by.
std::string followed_path(const std::string& path);

/// Which file a path names now (device and inode), or zeros if there is none.
std::pair<std::uint64_t, std::uint64_t> file_identity(const std::string& path);

}  // namespace attnpaths
