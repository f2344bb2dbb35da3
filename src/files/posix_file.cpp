#include "files/posix_file.hpp"

#include "base/error.hpp"
#include "files/descriptor.hpp"
#include "files/file_paths.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace attnpaths {

namespace {

[[noreturn]] void fail_to_read(const std::string& path) {
    const int reason = errno;
    const std::string message = failure_message(path, "cannot be read");
    if (is_storage_failure(reason)) throw OutputError(message);
    throw InputError(message);
}

/// @throws InputError if the file is not a regular one
[[nodiscard]] Descriptor regular(const std::string& path, Descriptor descriptor) {
    struct stat status {};
    if (::fstat(descriptor.number(), &status) != 0) fail_to_read(path);
    if (!S_ISREG(status.st_mode))
        throw InputError(fmt::format("{}: is {}, not a file", path,
                                     S_ISDIR(status.st_mode) ? "a folder" : "a pipe, socket or device"));
    return descriptor;
}

int open_descriptor(const std::string& path, int flags) {
    int descriptor = -1;
    do descriptor = ::open(path.c_str(), flags | O_CLOEXEC | O_NOCTTY, 0666);
    while (descriptor < 0 && errno == EINTR);
    return descriptor;
}

/// Opens a file that must be a regular one, without ever waiting for a pipe's other end.
int open_regular(const std::string& path, int flags) {
    const int descriptor = open_descriptor(path, flags | O_NONBLOCK);
    return descriptor < 0 ? -1 : regular(path, Descriptor(descriptor)).release();
}

}  // namespace

PosixFile PosixFile::adopt(const std::string& path, Descriptor descriptor) {
    return {path, path, regular(path, std::move(descriptor)).release()};
}

PosixFile PosixFile::open(const std::string& path) {
    const int descriptor = open_regular(path, O_RDONLY);
    if (descriptor < 0) fail_to_read(path);
    return {path, path, descriptor};
}

PosixFile PosixFile::open_for_writing(const std::string& path) {
    const int descriptor = open_regular(path, O_RDWR);
    if (descriptor < 0 && is_storage_failure(errno))
        throw OutputError(failure_message(path, "cannot be opened for writing"));
    if (descriptor < 0) throw CreateError(failure_message(path, "cannot be opened for writing"));
    return {path, path, descriptor};
}

PosixFile PosixFile::create(const std::string& path) {
    const int descriptor = open_regular(path, O_RDWR | O_CREAT | O_TRUNC);
    if (descriptor < 0)
        throw CreateError(failure_message(path, "cannot be created") +
                          "; choose a folder that exists and can be written");
    return {path, path, descriptor};
}

PosixFile PosixFile::create_exclusively(const std::string& path, const std::string& for_what) {
    const int descriptor = open_descriptor(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW);
    if (descriptor < 0)
        throw CreateError(failure_message(for_what, "cannot be created") +
                          "; choose a folder that exists and can be written");
    return {path, for_what, descriptor};
}

PosixFile::~PosixFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

std::uint64_t PosixFile::size() const {
    struct stat status {};
    if (::fstat(descriptor_, &status) != 0) fail_to_read(name_);
    return static_cast<std::uint64_t>(status.st_size);
}

std::uint32_t PosixFile::owner() const {
    struct stat status {};
    if (::fstat(descriptor_, &status) != 0) fail_to_read(name_);
    return status.st_uid;
}

double PosixFile::changed() const {
    struct stat status {};
    if (::fstat(descriptor_, &status) != 0) fail_to_read(name_);
    return static_cast<double>(status.st_mtim.tv_sec) + 1e-9 * static_cast<double>(status.st_mtim.tv_nsec);
}

std::string PosixFile::openable_name() const {
    const std::string name = fmt::format("/proc/self/fd/{}", descriptor_);
    return ::access(name.c_str(), F_OK) == 0 ? name : path_;
}

FileState PosixFile::state() const {
    struct stat status {};
    if (::fstat(descriptor_, &status) != 0) fail_to_read(name_);
    return {status.st_dev, status.st_ino, static_cast<std::uint64_t>(status.st_size)};
}

std::size_t PosixFile::read_at(std::uint64_t offset, void* target, std::size_t bytes) const {
    std::size_t done = 0;
    while (done < bytes) {
        const ssize_t got = ::pread(descriptor_, static_cast<char*>(target) + done, bytes - done,
                                    static_cast<off_t>(offset + done));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) fail_to_read(name_);
        if (got == 0) break;
        done += static_cast<std::size_t>(got);
    }
    return done;
}

void PosixFile::write_at(std::uint64_t offset, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) throw OutputError(failure_message(name_, "writing failed"));
        if (written == 0)
            throw OutputError(fmt::format("{}: writing failed: the system takes no more bytes", name_));
        offset += static_cast<std::uint64_t>(written);
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

void PosixFile::truncate(std::uint64_t bytes) {
    int status = 0;
    do status = ::ftruncate(descriptor_, static_cast<off_t>(bytes));
    while (status != 0 && errno == EINTR);
    if (status != 0) throw OutputError(failure_message(name_, "cannot be cut"));
}

void PosixFile::sync() {
    int status = 0;
    do status = ::fdatasync(descriptor_);
    while (status != 0 && errno == EINTR);
    // Some file systems cannot sync and say so; that is no reason to fail.
    if (status != 0 && errno != EINVAL && errno != ENOTSUP)
        throw OutputError(failure_message(name_, "cannot be synced to disk"));
}

void PosixFile::rename(const std::string& path) {
    replace_file(path_, path);
    path_ = name_ = path;
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
            throw OutputError(failure_message(name_, "writing failed"));
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

}  // namespace attnpaths
