#include "files/folder.hpp"

#include "base/error.hpp"
#include "files/unpredictable.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>

namespace attnpaths {

namespace {

int open_at(int folder, const std::string& name, int flags) {
    int descriptor = -1;
    do descriptor = ::openat(folder, name.c_str(), flags | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW, 0666);
    while (descriptor < 0 && errno == EINTR);
    return descriptor;
}

}  // namespace

std::optional<Folder> Folder::open_if_present(const std::string& path) {
    Descriptor descriptor(open_at(AT_FDCWD, path, O_RDONLY | O_DIRECTORY));
    if (!descriptor.is_open() && errno == ENOENT) return std::nullopt;
    if (!descriptor.is_open()) throw InputError(failure_message(path, "cannot be read as a folder"));
    return Folder(path, std::move(descriptor));
}

mode_t Folder::mode() const {
    struct stat status {};
    if (::fstat(descriptor_.number(), &status) != 0)
        throw InputError(failure_message(path_, "cannot be read"));
    return status.st_mode & 07777U;
}

gid_t Folder::group() const {
    struct stat status {};
    if (::fstat(descriptor_.number(), &status) != 0)
        throw InputError(failure_message(path_, "cannot be read"));
    return status.st_gid;
}

void Folder::set_mode(mode_t mode) const noexcept {
    static_cast<void>(::fchmod(descriptor_.number(), mode) == 0);
}

std::vector<std::string> Folder::names() const {
    Descriptor again(open_at(descriptor_.number(), ".", O_RDONLY | O_DIRECTORY));
    DIR* const stream = again.is_open() ? ::fdopendir(again.number()) : nullptr;
    if (stream == nullptr) throw InputError(failure_message(path_, "cannot be read"));
    static_cast<void>(again.release());  // is the stream's now
    const std::unique_ptr<DIR, int (*)(DIR*)> owner(stream, ::closedir);
    std::vector<std::string> names;
    errno = 0;
    while (const dirent* entry = ::readdir(stream)) {
        const std::string name = static_cast<const char*>(entry->d_name);
        if (name != "." && name != "..") names.push_back(name);
        errno = 0;
    }
    if (errno != 0) throw InputError(failure_message(path_, "cannot be read"));
    return names;
}

bool Folder::has(const std::string& name) const noexcept {
    struct stat status {};
    return ::fstatat(descriptor_.number(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0;
}

PosixFile Folder::open(const std::string& name) const {
    const int descriptor = open_at(descriptor_.number(), name, O_RDONLY | O_NONBLOCK);
    if (descriptor < 0 && errno == ELOOP)
        throw InputError(path_of(name) + ": is a symbolic link, which is not followed here");
    if (descriptor < 0) throw InputError(failure_message(path_of(name), "cannot be read"));
    return PosixFile::adopt(path_of(name), Descriptor(descriptor));
}

PosixFile Folder::create(const std::string& name) const {
    const int descriptor = open_at(descriptor_.number(), name, O_RDWR | O_CREAT | O_EXCL);
    if (descriptor < 0) throw CreateError(failure_message(path_of(name), "cannot be created"));
    return PosixFile::adopt(path_of(name), Descriptor(descriptor));
}

void Folder::write(const std::string& name, const std::string& text, bool readable_as_folder) const {
    const std::string temporary = fmt::format(".{:016x}.tmp", unpredictable_number());
    PosixFile file = create(temporary);
    try {
        if (readable_as_folder) {
            // A group that is not ours cannot be given: its members then cannot read, which they will say.
            static_cast<void>(::fchown(file.descriptor(), static_cast<uid_t>(-1), group()) == 0);
            constexpr mode_t readers = S_IRGRP | S_IROTH;
            if (::fchmod(file.descriptor(), S_IRUSR | S_IWUSR | (mode() & readers)) != 0)
                throw OutputError(failure_message(path_of(name), "its permissions cannot be set"));
        }
        file.write_at(0, text);
        file.sync();
        if (::renameat(descriptor_.number(), temporary.c_str(), descriptor_.number(), name.c_str()) != 0)
            throw OutputError(failure_message(path_of(name), "cannot be replaced"));
    } catch (...) {
        ::unlinkat(descriptor_.number(), temporary.c_str(), 0);
        throw;
    }
    sync();
}

void Folder::remove(const std::string& name) const {
    if (::unlinkat(descriptor_.number(), name.c_str(), 0) != 0 && errno != ENOENT)
        throw OutputError(failure_message(path_of(name), "cannot be removed"));
    sync();
}

void Folder::sync() const {
    int status = 0;
    do status = ::fsync(descriptor_.number());
    while (status != 0 && errno == EINTR);
    // Some file systems cannot sync folders and say so; that is no reason to fail.
    if (status != 0 && errno != EINVAL && errno != ENOTSUP)
        throw OutputError(failure_message(path_, "cannot be synced to disk"));
}

}  // namespace attnpaths
