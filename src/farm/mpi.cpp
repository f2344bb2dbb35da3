#include "farm/mpi.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "farm/mpi_calls.hpp"

#include <fmt/format.h>

#include <atomic>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <unistd.h>

namespace attnpaths::mpi {

namespace {

/// The ranks of this program: a copy of MPI_COMM_WORLD, so that no library's messages are taken for ours.
MPI_Comm ranks = MPI_COMM_NULL;

/// What MPI_Abort may take.
constexpr unsigned seconds_of_abort = 5;
/// For a signal handler.
std::atomic<int> code_of_abort = 0;
static_assert(std::atomic<int>::is_always_lock_free);

/// A count as MPI takes it.
int checked_count(std::size_t count, const char* of_what) {
    if (count > largest_message)
        throw Error(ExitCode::internal, fmt::format("a message of {} {} is too large: MPI takes {}", count,
                                                    of_what, largest_message));
    return static_cast<int>(count);
}

/// Added up on one rank and handed to the others: MPI_Allreduce need not give every rank the same rounding.
void sum_everywhere(void* numbers, std::size_t count, MPI_Datatype type, int rank) {
    const int length = checked_count(count, "numbers");
    if (rank == 0)
        check(MPI_Reduce(MPI_IN_PLACE, numbers, length, type, MPI_SUM, 0, ranks), "MPI_Reduce");
    else
        check(MPI_Reduce(numbers, nullptr, length, type, MPI_SUM, 0, ranks), "MPI_Reduce");
    check(MPI_Bcast(numbers, length, type, 0, ranks), "MPI_Bcast");
}

}  // namespace

void check(int status, const char* routine) {
    if (status == MPI_SUCCESS) return;
    char text[MPI_MAX_ERROR_STRING] = "";
    int length = 0;
    MPI_Error_string(status, text, &length);  // leaves the text empty if the code is unknown
    throw Error(ExitCode::internal,
                fmt::format("{} failed: {}", routine, std::string(text, static_cast<std::size_t>(length))));
}

MPI_Comm all_ranks() {
    return ranks;
}

std::string library_version() {
    char text[MPI_MAX_LIBRARY_VERSION_STRING] = "";
    int length = 0;
    check(MPI_Get_library_version(text, &length), "MPI_Get_library_version");
    // "Open MPI v4.1.4, package: ..."; "MPICH Version:<tab>4.0.2", then a line each of what it was built
    // with.
    const std::string all(text, static_cast<std::size_t>(length));
    std::string version;
    for (const std::string& word : split(all.substr(0, all.find_first_of(",\n"))))
        if (word != "Version:") version += (version.empty() ? "" : " ") + word;
    return version;
}

Environment::Environment() {
    // Threads of a rank take turns.
    int provided = MPI_THREAD_SINGLE;
    check(MPI_Init_thread(nullptr, nullptr, MPI_THREAD_SERIALIZED, &provided), "MPI_Init_thread");
    if (provided < MPI_THREAD_SERIALIZED)
        throw Error(ExitCode::internal, "this MPI serves one thread only; use Open MPI or MPICH");
    check(MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN), "MPI_Comm_set_errhandler");
    check(MPI_Comm_dup(MPI_COMM_WORLD, &ranks), "MPI_Comm_dup");
    // Said again, because not every MPI copies it with the communicator.
    check(MPI_Comm_set_errhandler(ranks, MPI_ERRORS_RETURN), "MPI_Comm_set_errhandler");
}

Environment::~Environment() {
    // Where this fails nothing is left to be done about it. The communicator goes with MPI: to free it takes
    // all ranks, and requests may be left of a run that failed.
    static_cast<void>(MPI_Finalize());
    ranks = MPI_COMM_NULL;
}

Communicator::Communicator() {
    check(MPI_Comm_rank(ranks, &rank_), "MPI_Comm_rank");
    check(MPI_Comm_size(ranks, &size_), "MPI_Comm_size");
}

void Communicator::send(const std::string& bytes, int destination, int tag) const {
    const int size = checked_count(bytes.size(), "bytes");
    check(MPI_Send(bytes.data(), size, MPI_BYTE, destination, tag, ranks), "MPI_Send");
}

MPI_Request Communicator::start_sending(const std::string& bytes, int destination, int tag) {
    const int size = checked_count(bytes.size(), "bytes");
    MPI_Request request = MPI_REQUEST_NULL;
    check(MPI_Isend(bytes.data(), size, MPI_BYTE, destination, tag, ranks, &request), "MPI_Isend");
    return request;
}

bool Communicator::is_complete(MPI_Request& request) {
    int complete = 0;
    check(MPI_Test(&request, &complete, MPI_STATUS_IGNORE), "MPI_Test");
    return complete != 0;
}

std::optional<Envelope> Communicator::probe(int source, int tag) const {
    int arrived = 0;
    MPI_Status status;
    check(MPI_Iprobe(source, tag, ranks, &arrived, &status), "MPI_Iprobe");
    if (arrived == 0) return std::nullopt;
    int bytes = 0;
    check(MPI_Get_count(&status, MPI_BYTE, &bytes), "MPI_Get_count");
    return Envelope{status.MPI_SOURCE, status.MPI_TAG, bytes};
}

std::string Communicator::receive(const Envelope& envelope) const {
    std::string bytes(static_cast<std::size_t>(envelope.bytes), '\0');
    check(MPI_Recv(bytes.data(), envelope.bytes, MPI_BYTE, envelope.source, envelope.tag, ranks,
                   MPI_STATUS_IGNORE),
          "MPI_Recv");
    return bytes;
}

void Communicator::broadcast(std::string& text) const {
    std::uint64_t size = text.size();
    // Before anybody waits for it.
    if (is_master()) static_cast<void>(checked_count(text.size(), "bytes"));
    check(MPI_Bcast(&size, 1, MPI_UINT64_T, 0, ranks), "MPI_Bcast");
    const int length = checked_count(size, "bytes");
    text.resize(size);
    check(MPI_Bcast(text.data(), length, MPI_BYTE, 0, ranks), "MPI_Bcast");
}

void Communicator::sum(std::span<float> numbers) const {
    if (size_ > 1) sum_everywhere(numbers.data(), numbers.size(), MPI_FLOAT, rank_);
}

void Communicator::sum(std::span<double> numbers) const {
    if (size_ > 1) sum_everywhere(numbers.data(), numbers.size(), MPI_DOUBLE, rank_);
}

void Communicator::abort(int exit_code) const {
    // MPICH's waits for ever for ranks that do not answer. An exit with a code ends the launch as well.
    code_of_abort = exit_code;
    static_cast<void>(std::signal(SIGALRM, [](int) { std::_Exit(code_of_abort); }));
    alarm(seconds_of_abort);
    MPI_Abort(ranks, exit_code);
    std::abort();  // not reached
}

}  // namespace attnpaths::mpi
