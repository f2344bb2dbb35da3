#include "submit/submission_reader.hpp"

#include "base/error.hpp"
#include "farm/message_batch.hpp"
#include "point/point_task.hpp"
#include "submit/submissions.hpp"
#include "sweep/sweep_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <exception>
#include <fcntl.h>
#include <new>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace attnpaths {

namespace {

constexpr const char* too_much_memory =
    "its data do not fit into the memory that the sweep allows (run.memory_per_rank)";

/// The child's messages: a batch of parts and points, or of one failure.
constexpr const char* accepted = "accepted";
constexpr const char* failed = "failed";

std::string read_all(const Submission& submission, const Setting& memory_per_rank) {
    try {
        const std::vector<Configuration> parts = load_submitted_parts(submission.parts, memory_per_rank);
        const std::vector<GridPoint> points = grid_points(parts);
        if (points.size() > SubmissionBox::most_points)
            throw DataError(fmt::format("asks for {} points, a submission may ask for {}; split it",
                                        points.size(), SubmissionBox::most_points));
        std::vector<std::string> messages = {accepted,
                                             encode_submitted_parts(submission.id, encodable(parts))};
        for (const GridPoint& point : points) messages.push_back(encode_task({point, {}, {}, false}));
        return encode_batch(messages);
    } catch (const std::bad_alloc&) {
        return encode_batch({failed, too_much_memory});
    } catch (const std::exception& error) {
        return encode_batch({failed, error.what()});
    }
}

/// Address space that this process has now.
std::uint64_t present_address_space() {
    std::uint64_t pages = 0;
    if (std::FILE* const file = std::fopen("/proc/self/statm", "re")) {
        unsigned long long number = 0;
        if (std::fscanf(file, "%llu", &number) == 1) pages = number;
        std::fclose(file);
    }
    return pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

void limit(int resource, std::uint64_t most) {
    rlimit now{};
    if (::getrlimit(static_cast<__rlimit_resource_t>(resource), &now) != 0) return;
    now.rlim_cur = std::min<rlim_t>(now.rlim_max, most);
    ::setrlimit(static_cast<__rlimit_resource_t>(resource), &now);
}

/// What the child does; it never returns.
[[noreturn]] void serve(int pipe, const Submission& submission, const Setting& memory_per_rank) {
    // Signals are the sweep's to answer; a fault here is nobody else's.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT})
        std::signal(signal, SIG_DFL);
    for (const int signal : {SIGUSR1, SIGUSR2, SIGPIPE}) std::signal(signal, SIG_IGN);
    limit(RLIMIT_CORE, 0);
    // A budget for kernels says little of what reading needs, unless it is large.
    constexpr double least_memory = 4294967296;
    limit(RLIMIT_AS, present_address_space() + static_cast<std::uint64_t>(std::max(
                                                   least_memory, parse_memory(memory_per_rank.text))));
    const std::string bytes = read_all(submission, memory_per_rank);
    std::size_t done = 0;
    while (done < bytes.size()) {
        const ssize_t written = ::write(pipe, bytes.data() + done, bytes.size() - done);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) break;
        done += static_cast<std::size_t>(written);
    }
    ::_exit(done == bytes.size() ? 0 : 1);
}

}  // namespace

SubmissionReader::SubmissionReader(Submission submission, const Setting& memory_per_rank)
    : submission_(std::move(submission)) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        throw Error(ExitCode::internal, fmt::format("no pipe: {}", std::strerror(errno)));
    pipe_ = Descriptor(ends[0]);
    const Descriptor writing(ends[1]);
    if (::fcntl(pipe_.number(), F_SETFL, O_NONBLOCK) != 0)
        throw Error(ExitCode::internal, fmt::format("no pipe: {}", std::strerror(errno)));
    static_cast<void>(std::fflush(nullptr));
    process_ = ::fork();
    if (process_ < 0) throw Error(ExitCode::internal, fmt::format("no process: {}", std::strerror(errno)));
    if (process_ == 0) serve(writing.number(), submission_, memory_per_rank);
}

SubmissionReader::~SubmissionReader() {
    if (process_ <= 0) return;
    ::kill(process_, SIGKILL);
    while (::waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
    }
}

void SubmissionReader::end(std::string failure) {
    has_ended_ = true;
    if (!failure.empty()) failure_ = std::move(failure);
    ::kill(process_, SIGKILL);  // where it has not ended by itself
    int status = 0;
    while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
    }
    process_ = -1;
    if (failure_ || (WIFEXITED(status) && WEXITSTATUS(status) == 0)) return;
    // A SIGKILL of ours came after all had been said; its end of the pipe closes just before it goes.
    if (WIFSIGNALED(status) && WTERMSIG(status) != SIGKILL)
        failure_ = fmt::format("reading it ended the process that read it ({}): a damaged data file?",
                               ::strsignal(WTERMSIG(status)));
}

bool SubmissionReader::poll() {
    if (has_ended_) return true;
    std::array<char, 65536> buffer;
    while (true) {
        const ssize_t got = ::read(pipe_.number(), buffer.data(), buffer.size());
        if (got > 0) {
            bytes_.append(buffer.data(), static_cast<std::size_t>(got));
        } else if (got == 0) {
            end("");
            return true;
        } else if (errno != EINTR) {
            break;
        }
    }
    if (std::chrono::steady_clock::now() - start_ > time_limit)
        end(fmt::format("reading it took more than {} minutes", time_limit.count()));
    return has_ended_;
}

SubmittedWork SubmissionReader::result() {
    if (failure_) throw DataError(*failure_);
    std::vector<std::string> messages;
    try {
        messages = decode_batch(bytes_);
    } catch (const Error&) {
        throw DataError(too_much_memory);  // killed before it could say anything
    }
    if (messages.size() < 2 || messages[0] != accepted)
        throw DataError(messages.size() < 2 ? "reading it failed" : messages[1]);
    SubmittedWork work;
    work.parts = decode_submitted_parts(messages[1]).second;
    work.points.reserve(messages.size() - 2);
    for (std::size_t i = 2; i < messages.size(); ++i) work.points.push_back(decode_task(messages[i]).point);
    return work;
}

}  // namespace attnpaths
