#include "runtime/mpi.hpp"

#include "base/error.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <cstdlib>

namespace attnpaths::mpi {

namespace {

/// Added up on one rank and handed to the others: MPI_Allreduce need not give every rank the same rounding.
void sum_everywhere(void* numbers, std::size_t count, MPI_Datatype type, int rank) {
    const auto length = static_cast<int>(count);
    if (rank == 0)
        check(MPI_Reduce(MPI_IN_PLACE, numbers, length, type, MPI_SUM, 0, MPI_COMM_WORLD), "MPI_Reduce");
    else
        check(MPI_Reduce(numbers, nullptr, length, type, MPI_SUM, 0, MPI_COMM_WORLD), "MPI_Reduce");
    check(MPI_Bcast(numbers, length, type, 0, MPI_COMM_WORLD), "MPI_Bcast");
}

}  // namespace

void check(int status, const char* routine) {
    if (status == MPI_SUCCESS) return;
    char text[MPI_MAX_ERROR_STRING];
    int length = 0;
    MPI_Error_string(status, text, &length);
    throw Error(ExitCode::internal,
                fmt::format("{} failed: {}", routine, std::string(text, static_cast<std::size_t>(length))));
}

void check_size(std::size_t bytes) {
    if (bytes > largest_message)
        throw Error(ExitCode::internal, fmt::format("a message of {} bytes is too large", bytes));
}

Environment::Environment() {
    check(MPI_Init(nullptr, nullptr), "MPI_Init");
}

Environment::~Environment() {
    MPI_Finalize();
}

Communicator::Communicator() {
    check(MPI_Comm_rank(MPI_COMM_WORLD, &rank_), "MPI_Comm_rank");
    check(MPI_Comm_size(MPI_COMM_WORLD, &size_), "MPI_Comm_size");
}

void Communicator::send(const std::string& bytes, int destination, int tag) const {
    check_size(bytes.size());
    check(MPI_Send(bytes.data(), static_cast<int>(bytes.size()), MPI_BYTE, destination, tag, MPI_COMM_WORLD),
          "MPI_Send");
}

std::optional<Envelope> Communicator::probe(int source, int tag) const {
    int arrived = 0;
    MPI_Status status;
    check(MPI_Iprobe(source, tag, MPI_COMM_WORLD, &arrived, &status), "MPI_Iprobe");
    if (arrived == 0) return std::nullopt;
    int bytes = 0;
    check(MPI_Get_count(&status, MPI_BYTE, &bytes), "MPI_Get_count");
    return Envelope{status.MPI_SOURCE, status.MPI_TAG, bytes};
}

std::string Communicator::receive(const Envelope& envelope) const {
    std::string bytes(static_cast<std::size_t>(envelope.bytes), '\0');
    check(MPI_Recv(bytes.data(), envelope.bytes, MPI_BYTE, envelope.source, envelope.tag, MPI_COMM_WORLD,
                   MPI_STATUS_IGNORE),
          "MPI_Recv");
    return bytes;
}

void Communicator::broadcast(std::string& text) const {
    std::uint64_t size = text.size();
    check(MPI_Bcast(&size, 1, MPI_UINT64_T, 0, MPI_COMM_WORLD), "MPI_Bcast");
    text.resize(size);
    check(MPI_Bcast(text.data(), static_cast<int>(size), MPI_BYTE, 0, MPI_COMM_WORLD), "MPI_Bcast");
}

void Communicator::sum(std::span<float> numbers) const {
    if (size_ > 1) sum_everywhere(numbers.data(), numbers.size(), MPI_FLOAT, rank_);
}

void Communicator::sum(std::span<double> numbers) const {
    if (size_ > 1) sum_everywhere(numbers.data(), numbers.size(), MPI_DOUBLE, rank_);
}

void Communicator::abort(int exit_code) const {
    MPI_Abort(MPI_COMM_WORLD, exit_code);
    std::abort();  // not reached
}

}  // namespace attnpaths::mpi
