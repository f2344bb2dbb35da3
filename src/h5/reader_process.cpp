#include "h5/reader_process.hpp"

#include "base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

namespace attnpaths::h5 {

namespace {

constexpr int channel_number = 3;  // of the child's end

std::array<Descriptor, 2> socket_pair(const std::string& file) {
    std::array<int, 2> numbers{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, numbers.data()) != 0)
        throw InputError(fmt::format("{}: cannot be read: no socket for the process that would read it: {}",
                                     file, std::strerror(errno)));
    return {Descriptor(numbers[0]), Descriptor(numbers[1])};
}

/// The child leaves signals for the whole group to its parent, and dies of faults without our handlers.
void settle_signals() noexcept {
    for (int signal = 1; signal < NSIG; ++signal) std::signal(signal, SIG_DFL);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGTSTP, SIGPIPE})
        std::signal(signal, SIG_IGN);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
}

/// Nothing of the parent stays open here: its locks and connections must end with it, and what a crashing
/// library prints is nobody's line.
[[nodiscard]] bool keep_only(int socket) noexcept {
    const int high = ::fcntl(socket, F_DUPFD, channel_number + 1);
    const int null = ::open("/dev/null", O_RDWR);
    if (high < 0 || null < 0) return false;
    for (int standard = 0; standard < channel_number; ++standard)
        if (::dup2(null, standard) < 0) return false;
    if (::dup2(high, channel_number) < 0) return false;
    return ::close_range(channel_number + 1, ~0U, 0) == 0;
}

[[noreturn]] void run_child(int socket, pid_t parent,
                            const std::function<void(const Channel&)>& serve) noexcept {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    settle_signals();
    const rlimit no_core{0, 0};
    ::setrlimit(RLIMIT_CORE, &no_core);
    if (::getppid() != parent || !keep_only(socket)) ::_exit(0);
    const Channel channel{Descriptor(channel_number)};  // closed by the end of the process, not before
    try {
        serve(channel);
    } catch (...) {  // NOLINT(bugprone-empty-catch): the parent sees that the channel is closed
    }
    ::_exit(0);
}

/// Bytes of address space that this process has.
std::uint64_t address_space() noexcept {
    std::uint64_t pages = 0;
    if (std::FILE* file = std::fopen("/proc/self/statm", "re")) {
        unsigned long long number = 0;
        if (std::fscanf(file, "%llu", &number) == 1) pages = number;
        std::fclose(file);
    }
    return pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

void set_soft_limit(__rlimit_resource resource, rlim_t value) noexcept {
    rlimit limit{};
    if (::getrlimit(resource, &limit) != 0) return;
    limit.rlim_cur = std::min(value, limit.rlim_max);
    ::setrlimit(resource, &limit);
}

}  // namespace

bool Channel::send(const void* data, std::size_t bytes) const noexcept {
    const char* next = static_cast<const char*>(data);
    while (bytes > 0) {
        const ssize_t sent = ::send(socket_.number(), next, bytes, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) return false;
        next += sent;
        bytes -= static_cast<std::size_t>(sent);
    }
    return true;
}

bool Channel::receive(void* target, std::size_t bytes) const noexcept {
    char* next = static_cast<char*>(target);
    while (bytes > 0) {
        const ssize_t got = ::recv(socket_.number(), next, bytes, 0);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        next += got;
        bytes -= static_cast<std::size_t>(got);
    }
    return true;
}

bool Channel::send_message(const std::string& message) const noexcept {
    const std::uint64_t length = message.size();
    return send(&length, sizeof length) && send(message.data(), message.size());
}

bool Channel::receive_message(std::string& message) const {
    std::uint64_t length = 0;
    if (!receive(&length, sizeof length) || length > largest_message) return false;
    message.resize(length);
    return receive(message.data(), message.size());
}

ReaderProcess::ReaderProcess(const std::string& file, const std::function<void(const Channel&)>& serve)
    : channel_(Descriptor()) {
    std::array<Descriptor, 2> sockets = socket_pair(file);
    const pid_t parent = ::getpid();
    pid_ = ::fork();
    if (pid_ == 0) run_child(sockets[1].number(), parent, serve);
    if (pid_ < 0)
        throw InputError(fmt::format("{}: cannot be read: the system gives no process for it: {}", file,
                                     std::strerror(errno)));
    // Limits on processor time do not end a child that sleeps; storage may take minutes, but not for ever.
    constexpr timeval longest_silence{600, 0};
    ::setsockopt(sockets[0].number(), SOL_SOCKET, SO_RCVTIMEO, &longest_silence, sizeof longest_silence);
    channel_ = Channel(std::move(sockets[0]));
}

ReaderProcess::~ReaderProcess() {
    if (pid_ > 0) ::kill(pid_, SIGKILL);
    collect();
}

void ReaderProcess::collect() noexcept {
    while (pid_ > 0 && ::waitpid(pid_, &status_, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
}

std::string ReaderProcess::cause_of_death() {
    if (pid_ > 0) ::kill(pid_, SIGKILL);  // which does nothing to one that is dead
    collect();
    if (WIFSIGNALED(status_) && WTERMSIG(status_) == SIGXCPU)
        return "keeps the HDF5 library busy without end; the file is damaged, make or copy it again";
    if (WIFSIGNALED(status_) && WTERMSIG(status_) == SIGKILL)
        return "could not be read: the process that read it was killed (out of memory?), or silent for too "
               "long";
    if (WIFSIGNALED(status_))
        return fmt::format("makes the HDF5 library crash ({}); the file is damaged, make or copy it again",
                           strsignal(WTERMSIG(status_)));
    return "could not be read: the process that read it has ended";
}

void limit_next_step(std::uint64_t bytes) noexcept {
    constexpr rlim_t seconds_always = 5;
    constexpr std::uint64_t bytes_per_second = 20000000;  // of the slowest decompression
    constexpr std::uint64_t memory_always = std::uint64_t{1} << 30U;
    constexpr std::uint64_t copies = 6;  // of a block: as stored, unpacked, converted, in the library's cache
    constexpr std::uint64_t most_bytes = std::uint64_t{1} << 50U;
    static const std::uint64_t at_start = address_space();
    bytes = std::min(bytes, most_bytes);
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto used = static_cast<rlim_t>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec);
    set_soft_limit(RLIMIT_CPU, used + seconds_always + bytes / bytes_per_second);
    set_soft_limit(RLIMIT_AS, at_start + memory_always + copies * bytes);
}

}  // namespace attnpaths::h5
