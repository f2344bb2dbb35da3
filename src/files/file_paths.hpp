#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace attnpaths {

/// Renames `from` over `to` and syncs the folder, so that the new name survives a power loss.
/// @throws OutputError
void replace_file(const std::string& from, const std::string& to);

/// Returns when the names in the folder of `path` are on disk. @throws OutputError
void sync_folder_of(const std::string& path);

/// Tells before any work is done that files cannot be made beside `path`. @throws CreateError naming it
void require_writable_folder_of(const std::string& path);

/// Removes a file that may not exist.
void remove_file(const std::string& path) noexcept;

/// The file that a path means: where it is a symbolic link, what the link points to, so that replacing the
/// file does not replace the link, and that journal and lock lie beside the file whatever name it is called
/// by.
std::string followed_path(const std::string& path);

/// What a system call on a file that has just failed says to a person: path, what cannot be done, the reason
/// in errno.
std::string failure_message(const std::string& path, const char* what);

/// Whether an error code of the system says that the storage failed, rather than that somebody asked for the
/// wrong thing.
bool is_storage_failure(int code) noexcept;

/// Whether there is something at a path, links followed; whether it is a folder. What std::filesystem's
/// functions of these names throw is no error of this program: they must not be used where it matters.
/// @throws InputError if the system refuses to say (a chain of links without end, no permission);
///         OutputError if the storage fails (EIO, ESTALE)
bool path_exists(const std::string& path);
bool is_folder(const std::string& path);
/// Which file it is, and its length: what tells whether a file is still the one that was left.
struct FileState {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::uint64_t size = 0;
    bool operator==(const FileState&) const = default;
};

/// The file that a path names now, links not followed, or nothing if there is none. @throws OutputError if
/// the system does not say
std::optional<FileState> file_state(const std::string& path);

}  // namespace attnpaths
