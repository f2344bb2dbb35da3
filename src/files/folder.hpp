#pragma once

#include "files/descriptor.hpp"
#include "files/posix_file.hpp"

#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace attnpaths {

/// A folder held open, in which others may write too: every step names a file relative to the folder itself,
/// follows no symbolic link and waits for no pipe, so that nobody who may write the folder can lead us
/// anywhere else.
class Folder {
  public:
    /// @returns nothing if there is no such folder
    /// @throws InputError if it is a link or no folder, or cannot be opened
    static std::optional<Folder> open_if_present(const std::string& path);

    [[nodiscard]] const std::string& path() const noexcept { return path_; }
    [[nodiscard]] std::string path_of(const std::string& name) const { return path_ + "/" + name; }
    /// Permission bits and group. @throws InputError
    [[nodiscard]] mode_t mode() const;
    [[nodiscard]] gid_t group() const;

    /// Sets the permission bits, as far as the system lets us.
    void set_mode(mode_t mode) const noexcept;

    /// Names of all files but "." and "..", in no order. @throws InputError
    [[nodiscard]] std::vector<std::string> names() const;
    [[nodiscard]] bool has(const std::string& name) const noexcept;

    /// Opens a regular file for reading. @throws InputError, also for a link, a folder, a pipe
    [[nodiscard]] PosixFile open(const std::string& name) const;
    /// Makes a file that does not exist. @throws CreateError
    [[nodiscard]] PosixFile create(const std::string& name) const;
    /// Writes a file as a whole: through a temporary of unpredictable name whose mode and group are set by
    /// its descriptor, synced and renamed.
    /// @param readable_as_folder  whether those who may read the folder may read the file
    /// @throws CreateError, OutputError
    void write(const std::string& name, const std::string& text, bool readable_as_folder) const;
    /// Removes a file that may not exist. @throws OutputError
    void remove(const std::string& name) const;
    /// @throws OutputError
    void sync() const;

  private:
    Folder(std::string path, Descriptor descriptor)
        : path_(std::move(path)), descriptor_(std::move(descriptor)) {}

    std::string path_;
    Descriptor descriptor_;
};

}  // namespace attnpaths
