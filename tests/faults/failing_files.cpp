// A library to be preloaded (LD_PRELOAD): calls of the system on files whose path contains FAULT_NAME are
// counted, and from environment variables one of them, or all from one on, fails.
//   FAULT_NAME   part of the path of the files concerned
//   FAULT_CALL   number of the call that fails, counted from 1; 0 or nothing: none
//   FAULT_KIND   EIO, ENOSPC, EINTR or short (half of the bytes are read or written); with a + at the end
//   every
//                call from that one on fails. Calls that cannot fail so go on as ever.
//   FAULT_LOG    a file that gets a line per call: its name, and FAULT where it failed
#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace {

enum class Call { open, read, write, sync, name, look, cut };

struct Plan {
    std::string name;
    std::string kind;
    long call = 0;
    bool lasts = false;
    int log = -1;
};

const Plan& plan() {
    static const Plan made = [] {
        const auto text = [](const char* variable) {
            const char* value = std::getenv(variable);
            return std::string(value == nullptr ? "" : value);
        };
        Plan plan{text("FAULT_NAME"), text("FAULT_KIND"), std::atol(text("FAULT_CALL").c_str())};
        if (plan.kind.ends_with("+")) {
            plan.lasts = true;
            plan.kind.pop_back();
        }
        if (const std::string log = text("FAULT_LOG"); !log.empty())
            plan.log = static_cast<int>(::syscall(SYS_openat, AT_FDCWD, log.c_str(),
                                                  O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666));
        // Out of the way: a child that keeps low numbers for its own channel would find our lines in it.
        if (plan.log >= 0) plan.log = static_cast<int>(::syscall(SYS_fcntl, plan.log, F_DUPFD_CLOEXEC, 900));
        return plan;
    }();
    return made;
}

bool concerns(const char* path) {
    if (path == nullptr || plan().name.empty()) return false;
    if (std::strstr(path, plan().name.c_str()) != nullptr) return true;
    if (std::strncmp(path, "/proc/self/fd/", 14) != 0) return false;
    char target[4096];
    const long length = ::syscall(SYS_readlinkat, AT_FDCWD, path, target, sizeof target - 1);
    if (length <= 0) return false;
    target[length] = '\0';
    return std::strstr(target, plan().name.c_str()) != nullptr;
}

bool concerns(int descriptor) {
    char path[64];
    std::snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
    return concerns(static_cast<const char*>(path));
}

int error_of(const std::string& kind, Call call) {
    if (kind == "EIO") return EIO;
    const bool takes_space = call == Call::open || call == Call::write || call == Call::sync ||
                             call == Call::name || call == Call::cut;
    if (kind == "ENOSPC" && takes_space) return ENOSPC;
    const bool waits = call == Call::open || call == Call::read || call == Call::write ||
                       call == Call::sync || call == Call::cut;
    if (kind == "EINTR" && waits) return EINTR;
    return 0;
}

/// Counts a call. @returns whether it fails, with errno set; `bytes` is halved where it is to fall short
bool fails(const char* function, Call call, std::size_t* bytes = nullptr) {
    static std::atomic<long> count = 0;
    const long number = ++count;
    bool is_hit = plan().call > 0 && (plan().lasts ? number >= plan().call : number == plan().call);
    const int error = is_hit ? error_of(plan().kind, call) : 0;
    const bool is_short = is_hit && plan().kind == "short" && bytes != nullptr && *bytes > 1;
    is_hit = error != 0 || is_short;
    if (plan().log >= 0) {
        char line[128];
        const int length = std::snprintf(line, sizeof line, "%s%s\n", function, is_hit ? " FAULT" : "");
        ::syscall(SYS_write, plan().log, line, static_cast<std::size_t>(length));
    }
    if (is_short) *bytes /= 2;
    if (error == 0) return false;
    errno = error;
    return true;
}

template <class Function>
Function* next(const char* name) {
    return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

int mode_of(int flags, va_list arguments) {
    return (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(arguments, int) : 0;
}

}  // namespace

#define NEXT(function) static const auto real = next<decltype(function)>(#function)

extern "C" {

int open(const char* path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    const int mode = mode_of(flags, arguments);
    va_end(arguments);
    NEXT(open);
    return concerns(path) && fails("open", Call::open) ? -1 : real(path, flags, mode);
}

int open64(const char* path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    const int mode = mode_of(flags, arguments);
    va_end(arguments);
    NEXT(open64);
    return concerns(path) && fails("open", Call::open) ? -1 : real(path, flags, mode);
}

int openat(int folder, const char* path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    const int mode = mode_of(flags, arguments);
    va_end(arguments);
    NEXT(openat);
    return concerns(path) && fails("openat", Call::open) ? -1 : real(folder, path, flags, mode);
}

ssize_t read(int descriptor, void* data, std::size_t bytes) {
    NEXT(read);
    return concerns(descriptor) && fails("read", Call::read, &bytes) ? -1 : real(descriptor, data, bytes);
}

ssize_t pread(int descriptor, void* data, std::size_t bytes, off_t offset) {
    NEXT(pread);
    return concerns(descriptor) && fails("pread", Call::read, &bytes) ? -1
                                                                      : real(descriptor, data, bytes, offset);
}

ssize_t pread64(int descriptor, void* data, std::size_t bytes, off64_t offset) {
    NEXT(pread64);
    return concerns(descriptor) && fails("pread", Call::read, &bytes) ? -1
                                                                      : real(descriptor, data, bytes, offset);
}

ssize_t write(int descriptor, const void* data, std::size_t bytes) {
    NEXT(write);
    return concerns(descriptor) && fails("write", Call::write, &bytes) ? -1 : real(descriptor, data, bytes);
}

ssize_t pwrite(int descriptor, const void* data, std::size_t bytes, off_t offset) {
    NEXT(pwrite);
    return concerns(descriptor) && fails("pwrite", Call::write, &bytes)
               ? -1
               : real(descriptor, data, bytes, offset);
}

ssize_t pwrite64(int descriptor, const void* data, std::size_t bytes, off64_t offset) {
    NEXT(pwrite64);
    return concerns(descriptor) && fails("pwrite", Call::write, &bytes)
               ? -1
               : real(descriptor, data, bytes, offset);
}

ssize_t copy_file_range(int from, off64_t* from_offset, int to, off64_t* to_offset, std::size_t bytes,
                        unsigned int flags) {
    NEXT(copy_file_range);
    // Short of a small file, whatever was asked for.
    std::size_t taken = bytes > 8192 ? 8192 : bytes;
    const std::size_t before = taken;
    if (concerns(to) && fails("copy_file_range", Call::write, &taken)) return -1;
    return real(from, from_offset, to, to_offset, taken < before ? taken : bytes, flags);
}

int fsync(int descriptor) {
    NEXT(fsync);
    return concerns(descriptor) && fails("fsync", Call::sync) ? -1 : real(descriptor);
}

int fdatasync(int descriptor) {
    NEXT(fdatasync);
    return concerns(descriptor) && fails("fdatasync", Call::sync) ? -1 : real(descriptor);
}

int ftruncate(int descriptor, off_t bytes) noexcept {
    NEXT(ftruncate);
    return concerns(descriptor) && fails("ftruncate", Call::cut) ? -1 : real(descriptor, bytes);
}

int ftruncate64(int descriptor, off64_t bytes) noexcept {
    NEXT(ftruncate64);
    return concerns(descriptor) && fails("ftruncate", Call::cut) ? -1 : real(descriptor, bytes);
}

int rename(const char* from, const char* to) noexcept {
    NEXT(rename);
    return concerns(to) && fails("rename", Call::name) ? -1 : real(from, to);
}

int link(const char* from, const char* to) noexcept {
    NEXT(link);
    return concerns(to) && fails("link", Call::name) ? -1 : real(from, to);
}

int unlink(const char* path) noexcept {
    NEXT(unlink);
    return concerns(path) && fails("unlink", Call::look) ? -1 : real(path);
}

int stat(const char* path, struct stat* status) noexcept {
    NEXT(stat);
    return concerns(path) && fails("stat", Call::look) ? -1 : real(path, status);
}

int stat64(const char* path, struct stat64* status) noexcept {
    NEXT(stat64);
    return concerns(path) && fails("stat", Call::look) ? -1 : real(path, status);
}

int lstat(const char* path, struct stat* status) noexcept {
    NEXT(lstat);
    return concerns(path) && fails("lstat", Call::look) ? -1 : real(path, status);
}

int lstat64(const char* path, struct stat64* status) noexcept {
    NEXT(lstat64);
    return concerns(path) && fails("lstat", Call::look) ? -1 : real(path, status);
}

int fstat(int descriptor, struct stat* status) noexcept {
    NEXT(fstat);
    return concerns(descriptor) && fails("fstat", Call::look) ? -1 : real(descriptor, status);
}

int fstat64(int descriptor, struct stat64* status) noexcept {
    NEXT(fstat64);
    return concerns(descriptor) && fails("fstat", Call::look) ? -1 : real(descriptor, status);
}

}  // extern "C"
