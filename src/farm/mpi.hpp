#pragma once

// The C interface only: C++ bindings would have to be linked.
#define OMPI_SKIP_MPICXX 1
#define MPICH_SKIP_MPICXX 1
#include <mpi.h>

#include <limits>
#include <optional>
#include <span>
#include <string>

namespace attnpaths::mpi {

/// MPI_Init and MPI_Finalize as a scope. Started without mpirun it is a world of one rank. Its messages have
/// a communicator of their own, and its errors come back as codes, which become exceptions. Any thread may
/// call it, one at a time.
class Environment {
  public:
    Environment();
    ~Environment();
    Environment(const Environment&) = delete;
    Environment& operator=(const Environment&) = delete;
};

/// "Open MPI v4.1.4" or "MPICH 4.0.2": the library that is loaded. Any time, also before MPI has begun.
std::string library_version();

/// Bytes that one message can hold.
inline constexpr std::size_t largest_message = std::numeric_limits<int>::max();

/// A message that has arrived and waits to be received.
struct Envelope {
    int source;
    int tag;
    int bytes;
};

/// The world of ranks while an Environment lives, for messages of plain bytes and for sums. Every member
/// throws Error naming the MPI routine that failed, or the message that is larger than `largest_message`.
class Communicator {
  public:
    Communicator();

    [[nodiscard]] int rank() const { return rank_; }
    [[nodiscard]] int size() const { return size_; }
    [[nodiscard]] bool is_master() const { return rank_ == 0; }

    void send(const std::string& bytes, int destination, int tag) const;
    /// Begins to send; the bytes must stay where they are until the request is complete.
    [[nodiscard]] static MPI_Request start_sending(const std::string& bytes, int destination, int tag);
    /// Whether a request is complete. Never blocks.
    [[nodiscard]] static bool is_complete(MPI_Request& request);
    /// The next message from `source` (any rank by default), if one has arrived. Never blocks.
    [[nodiscard]] std::optional<Envelope> probe(int source = MPI_ANY_SOURCE, int tag = MPI_ANY_TAG) const;
    [[nodiscard]] std::string receive(const Envelope& envelope) const;
    /// Gives the master's text to every rank.
    void broadcast(std::string& text) const;
    /// Replaces every number by its sum over all ranks, the same to the last bit on each.
    void sum(std::span<float> numbers) const;
    void sum(std::span<double> numbers) const;
    /// Ends all ranks at once with this exit code.
    [[noreturn]] void abort(int exit_code) const;

  private:
    int rank_ = 0;
    int size_ = 1;
};

}  // namespace attnpaths::mpi
