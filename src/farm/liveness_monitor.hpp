#pragma once

#include "files/descriptor.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace attnpaths {

/// A worker that died.
struct Loss {
    int rank = 0;
    std::optional<std::int64_t> serial;  ///< of the task it was working on
    std::optional<int> signal;           ///< that killed it, if it could still say so
    std::string what;                    ///< "was killed by signal 11 (Segmentation fault)"
};

/// The master's end of the workers' liveness connections: listens where the workers are (on the loopback
/// interface alone if they share its machine, else on all its IPv4 addresses) and learns within milliseconds
/// of the death of any worker that connected, through the system that closes the connection of a dead
/// process, or, where a whole node has gone, after half a minute without a sign of life.
class LivenessMonitor {
  public:
    /// Where the workers are.
    enum class Reach { this_machine, any_machine };

    /// Starts to listen. Where the system does not permit that, the invitation is empty and nobody connects.
    explicit LivenessMonitor(Reach reach = Reach::any_machine);

    /// What a worker needs to connect: port, secret, addresses.
    [[nodiscard]] const std::string& invitation() const { return invitation_; }

    /// Takes what has arrived, without waiting; to be called many times a second.
    /// @returns the workers that were found to have died
    std::vector<Loss> look();

    /// Serial number of the task that a worker was last heard to begin, if it is at one and is connected.
    [[nodiscard]] std::optional<std::int64_t> serial_of(int rank) const;

  private:
    using Clock = std::chrono::steady_clock;

    /// One connection. Until it has proved by the secret that it is a worker's, it has no rank, and it is of
    /// no concern before its first word.
    struct Line {
        Descriptor socket;
        Clock::time_point since;
        std::string unread;  // less than what is waited for
        std::optional<int> rank;
        bool has_spoken = false;
        std::optional<std::int64_t> serial;
    };

    void accept_all();
    /// These return false when the connection has done its duty.
    bool read(Line& line);
    bool take_greeting(Line& line);
    bool take_words(Line& line);
    void lose(const Line& line, std::optional<int> signal, std::string what);
    void drop_unproven();
    void make_room();

    Descriptor listener_;
    Descriptor events_;  // epoll
    std::string secret_;
    std::string invitation_;
    std::ptrdiff_t most_unproven_;
    std::map<int, Line> lines_;  // by descriptor
    std::vector<Loss> losses_;   // not yet returned
};

}  // namespace attnpaths
