#pragma once

#include <cstdint>
#include <string>
#include <utility>

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

/// Which file a path names now (device and inode), or zeros if there is none.
std::pair<std::uint64_t, std::uint64_t> file_identity(const std::string& path);

}  // namespace attnpaths
