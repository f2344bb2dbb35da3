#include "files/file_paths.hpp"

#include "base/error.hpp"
#include "files/descriptor.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>

namespace attnpaths {

void sync_folder_of(const std::string& path) {
    const std::filesystem::path folder = std::filesystem::path(path).parent_path();
    const Descriptor directory(
        ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!directory.is_open()) return;  // a folder that may be written but not listed
    int status = 0;
    do status = ::fsync(directory.number());
    while (status != 0 && errno == EINTR);
    // Some file systems cannot sync folders and say so; that is no reason to fail.
    if (status != 0 && errno != EINVAL && errno != ENOTSUP)
        throw OutputError(fmt::format("{}: folder cannot be synced to disk: {}", path, std::strerror(errno)));
}

void require_writable_folder_of(const std::string& path) {
    std::string folder = std::filesystem::path(path).parent_path().string();
    if (folder.empty()) folder = ".";
    if (::access(folder.c_str(), W_OK | X_OK) != 0)
        throw CreateError(fmt::format(
            "{}: cannot be created or changed, as no files can be made in the folder {}: {}; choose "
            "a folder that exists and can be written",
            path, folder, std::strerror(errno)));
}

void replace_file(const std::string& from, const std::string& to) {
    if (std::rename(from.c_str(), to.c_str()) != 0)
        throw OutputError(fmt::format("{}: cannot be replaced: {}", to, std::strerror(errno)));
    sync_folder_of(to);
}

void remove_file(const std::string& path) noexcept {
    ::unlink(path.c_str());
}

std::string followed_path(const std::string& path) {
    std::filesystem::path followed = path;
    // By hand, because the target need not exist yet. A chain without end is left to the system to refuse.
    constexpr int most_links = 40;
    for (int i = 0; i < most_links; ++i) {
        std::error_code error;
        const std::filesystem::path target = std::filesystem::read_symlink(followed, error);
        if (error) break;
        followed = followed.parent_path() / target;
    }
    return followed.string();
}

namespace {

/// What stat says; nothing if there is nothing.
std::optional<struct stat> look_at(const std::string& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) == 0) return status;
    const int reason = errno;
    if (reason == ENOENT || reason == ENOTDIR) return std::nullopt;
    const std::string message = fmt::format("{}: cannot be looked at: {}", path, std::strerror(reason));
    if (is_storage_failure(reason)) throw OutputError(message + "; look to the storage");
    throw InputError(message);
}

}  // namespace

std::string failure_message(const std::string& path, const char* what) {
    return fmt::format("{}: {}: {}", path, what, std::strerror(errno));
}

bool is_storage_failure(int code) noexcept {
    return code == EIO || code == ESTALE || code == ENXIO || code == EREMOTEIO;
}

bool path_exists(const std::string& path) {
    return look_at(path).has_value();
}

bool is_folder(const std::string& path) {
    const std::optional<struct stat> status = look_at(path);
    return status && S_ISDIR(status->st_mode);
}

std::optional<FileState> file_state(const std::string& path) {
    struct stat status {};
    if (::lstat(path.c_str(), &status) == 0)
        return FileState{status.st_dev, status.st_ino, static_cast<std::uint64_t>(status.st_size)};
    if (errno == ENOENT) return std::nullopt;
    throw OutputError(fmt::format("{}: cannot be looked at: {}", path, std::strerror(errno)));
}

}  // namespace attnpaths
