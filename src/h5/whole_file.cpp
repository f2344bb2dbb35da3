#include "h5/whole_file.hpp"

#include "base/error.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <unistd.h>
#include <vector>

namespace attnpaths::h5 {

namespace {

/// Removes a temporary file unless it was renamed away.
class TemporaryFile {
  public:
    explicit TemporaryFile(std::string path) : path_(std::move(path)) {}
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    ~TemporaryFile() { unlink(path_.c_str()); }

  private:
    std::string path_;
};

/// Owner of a POSIX file descriptor.
class Descriptor {
  public:
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    [[nodiscard]] int number() const { return number_; }

  private:
    int number_;
};

void write_bytes(int descriptor, const std::vector<char>& bytes, const std::string& path) {
    std::size_t done = 0;
    while (done < bytes.size()) {
        const ssize_t written = ::write(descriptor, bytes.data() + done, bytes.size() - done);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0)
            throw OutputError(fmt::format("{}: writing failed: {}", path, std::strerror(errno)));
        done += static_cast<std::size_t>(written);
    }
}

/// Some file systems cannot sync folders and say EINVAL; that is no reason to fail.
void sync_to_disk(int descriptor, const std::string& path) {
    if (fsync(descriptor) != 0 && errno != EINVAL)
        throw OutputError(fmt::format("{}: cannot be synced to disk: {}", path, std::strerror(errno)));
}

}  // namespace

void write_whole_file(const std::string& path, const std::function<void(File&)>& fill) {
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored))
        throw CreateError(path + ": is a folder; give the name of a file");
    const std::string temporary = path + ".tmp";
    // Opened before the content is made: a missing or protected folder should not cost the user that work.
    const Descriptor output(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
    if (output.number() < 0)
        throw CreateError(
            fmt::format("{}: cannot be created: {}; choose a folder that exists and can be written", path,
                        std::strerror(errno)));
    const TemporaryFile guard(temporary);
    File file = File::create_in_memory(path);
    fill(file);
    write_bytes(output.number(), file.image(), path);
    sync_to_disk(output.number(), path);
    if (std::rename(temporary.c_str(), path.c_str()) != 0)
        throw CreateError(fmt::format("{}: cannot be replaced: {}", path, std::strerror(errno)));
    const std::filesystem::path folder = std::filesystem::path(path).parent_path();
    const Descriptor directory(
        ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (directory.number() >= 0) sync_to_disk(directory.number(), path);
}

}  // namespace attnpaths::h5
