#include "store/posix_file.hpp"

#include "base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace attnpaths {

namespace {

std::string failure(const std::string& path, const char* what) {
    return fmt::format("{}: {}: {}", path, what, std::strerror(errno));
}

int open_descriptor(const std::string& path, int flags) {
    int descriptor = -1;
    do descriptor = ::open(path.c_str(), flags | O_CLOEXEC, 0666);
    while (descriptor < 0 && errno == EINTR);
    return descriptor;
}

}  // namespace

PosixFile PosixFile::open(const std::string& path) {
    const int descriptor = open_descriptor(path, O_RDONLY);
    if (descriptor < 0) throw InputError(failure(path, "cannot be read"));
    return {path, descriptor};
}

PosixFile PosixFile::open_for_writing(const std::string& path) {
    const int descriptor = open_descriptor(path, O_RDWR);
    if (descriptor < 0) throw CreateError(failure(path, "cannot be opened for writing"));
    return {path, descriptor};
}

PosixFile PosixFile::create(const std::string& path) {
    const int descriptor = open_descriptor(path, O_RDWR | O_CREAT | O_TRUNC);
    if (descriptor < 0)
        throw CreateError(failure(path, "cannot be created") +
                          "; choose a folder that exists and can be written");
    return {path, descriptor};
}

PosixFile::~PosixFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

std::uint64_t PosixFile::size() const {
    struct stat status {};
    if (::fstat(descriptor_, &status) != 0) throw InputError(failure(path_, "cannot be read"));
    return static_cast<std::uint64_t>(status.st_size);
}

std::size_t PosixFile::read_at(std::uint64_t offset, void* target, std::size_t bytes) const {
    std::size_t done = 0;
    while (done < bytes) {
        const ssize_t got = ::pread(descriptor_, static_cast<char*>(target) + done, bytes - done,
                                    static_cast<off_t>(offset + done));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) throw InputError(failure(path_, "cannot be read"));
        if (got == 0) break;
        done += static_cast<std::size_t>(got);
    }
    return done;
}

void PosixFile::write_at(std::uint64_t offset, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) throw OutputError(failure(path_, "writing failed"));
        offset += static_cast<std::uint64_t>(written);
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

void PosixFile::truncate(std::uint64_t bytes) {
    if (::ftruncate(descriptor_, static_cast<off_t>(bytes)) != 0)
        throw OutputError(failure(path_, "cannot be cut"));
}

void PosixFile::sync() {
    if (::fdatasync(descriptor_) != 0) throw OutputError(failure(path_, "cannot be synced to disk"));
}

void PosixFile::rename(const std::string& path) {
    replace_file(path_, path);
    path_ = path;
}

void PosixFile::copy_from(const PosixFile& source) {
    truncate(0);
    off_t from = 0;
    off_t to = 0;
    for (;;) {
        // Inside the kernel where possible; file systems that share blocks then copy nothing at all.
        constexpr std::size_t piece = std::size_t{1} << 30U;
        const ssize_t copied = ::copy_file_range(source.descriptor_, &from, descriptor_, &to, piece, 0);
        if (copied == 0) break;
        if (copied > 0 || errno == EINTR) continue;
        if (errno == ENOSPC || errno == EDQUOT || errno == EIO)
            throw OutputError(failure(path_, "writing failed"));
        break;  // not supported between these file systems: the loop below does the rest
    }
    std::vector<char> buffer(std::size_t{1} << 20U);
    while (const std::size_t got =
               source.read_at(static_cast<std::uint64_t>(from), buffer.data(), buffer.size())) {
        write_at(static_cast<std::uint64_t>(to), {buffer.data(), got});
        from += static_cast<off_t>(got);
        to += static_cast<off_t>(got);
    }
}

void sync_folder_of(const std::string& path) {
    const std::filesystem::path folder = std::filesystem::path(path).parent_path();
    const int descriptor = open_descriptor(folder.empty() ? "." : folder.string(), O_RDONLY | O_DIRECTORY);
    if (descriptor < 0) return;  // a folder that may be written but not listed
    const int status = ::fsync(descriptor);
    const int reason = errno;
    ::close(descriptor);
    errno = reason;
    // Some file systems cannot sync folders and say so; that is no reason to fail.
    if (status != 0 && errno != EINVAL && errno != ENOTSUP)
        throw OutputError(failure(path, "folder cannot be synced to disk"));
}

void replace_file(const std::string& from, const std::string& to) {
    if (std::rename(from.c_str(), to.c_str()) != 0) throw OutputError(failure(to, "cannot be replaced"));
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

std::pair<std::uint64_t, std::uint64_t> file_identity(const std::string& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) return {0, 0};
    return {status.st_dev, status.st_ino};
}

}  // namespace attnpaths
