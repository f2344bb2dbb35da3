#include "files/held_file.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <utility>

namespace attnpaths {

HeldFile::HeldFile(std::string path) : path_(std::move(path)) {
    int descriptor = -1;
    // A place, not its content: neither permissions nor the other end of a pipe matter.
    do descriptor = ::open(path_.c_str(), O_PATH | O_CLOEXEC);
    while (descriptor < 0 && errno == EINTR);
    descriptor_ = Descriptor(descriptor);
}

bool HeldFile::is_still_there() const {
    struct stat now {};
    const bool is_something = ::stat(path_.c_str(), &now) == 0;
    if (!is_something || !descriptor_.is_open()) return is_something == descriptor_.is_open();
    struct stat then {};
    return ::fstat(descriptor_.number(), &then) == 0 && now.st_dev == then.st_dev &&
           now.st_ino == then.st_ino;
}

}  // namespace attnpaths
