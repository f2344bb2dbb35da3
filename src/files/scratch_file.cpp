#include "files/scratch_file.hpp"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <linux/magic.h>
#include <string>
#include <sys/vfs.h>
#include <unistd.h>

namespace attnpaths {

namespace {

std::string scratch_folder() {
    const char* const given = std::getenv("TMPDIR");
    return given != nullptr && *given != '\0' ? given : "/tmp";
}

bool has_room(const std::string& folder, std::uint64_t bytes) {
    struct statfs system {};
    if (::statfs(folder.c_str(), &system) != 0) return false;
    if (system.f_type == TMPFS_MAGIC || system.f_type == RAMFS_MAGIC) return false;
    return bytes <= system.f_bavail * static_cast<std::uint64_t>(system.f_bsize) / 2;
}

/// Moves all bytes by a system call that may move fewer. @returns whether it did
template <class Call>
bool move_all(std::uint64_t offset, char* bytes, std::size_t count, const Call& call) {
    while (count > 0) {
        const ssize_t moved = call(bytes, count, static_cast<off_t>(offset));
        if (moved < 0 && errno == EINTR) continue;
        if (moved <= 0) return false;
        bytes += moved;
        offset += static_cast<std::uint64_t>(moved);
        count -= static_cast<std::size_t>(moved);
    }
    return true;
}

}  // namespace

std::optional<ScratchFile> ScratchFile::make(std::uint64_t bytes) {
    const std::string folder = scratch_folder();
    if (!has_room(folder, bytes)) return std::nullopt;
    std::string name = folder + "/attnpaths-XXXXXX";
    const int descriptor = ::mkostemp(name.data(), O_CLOEXEC);
    if (descriptor < 0) return std::nullopt;
    ::unlink(name.c_str());
    return ScratchFile(descriptor);
}

bool ScratchFile::write(std::uint64_t offset, const void* bytes, std::size_t count) const {
    // The template moves either way; pwrite changes nothing.
    return move_all(offset, const_cast<char*>(static_cast<const char*>(bytes)), count,  // NOLINT
                    [this](const char* from, std::size_t size, off_t at) {
                        return ::pwrite(descriptor_.number(), from, size, at);
                    });
}

bool ScratchFile::read(std::uint64_t offset, void* bytes, std::size_t count) const {
    return move_all(offset, static_cast<char*>(bytes), count, [this](char* to, std::size_t size, off_t at) {
        return ::pread(descriptor_.number(), to, size, at);
    });
}

}  // namespace attnpaths
