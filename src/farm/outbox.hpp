#pragma once

#include "farm/mpi.hpp"

#include <list>
#include <string>

namespace attnpaths::mpi {

/// Sends without waiting for the receiver, who may be computing: a plain send of more than a few kilobytes
/// returns only when the other side has received it.
class Outbox {
  public:
    Outbox() = default;
    Outbox(const Outbox&) = delete;
    Outbox& operator=(const Outbox&) = delete;
    /// What is not received is let go: nobody waits for it.
    ~Outbox();

    /// Messages to one rank arrive in the order in which they were sent.
    void send(std::string bytes, int destination, int tag);
    /// Forgets what has been received. Cheap; to be called now and then.
    void tidy();

  private:
    struct Message {
        std::string bytes;
        MPI_Request request = MPI_REQUEST_NULL;
    };
    std::list<Message> messages_;
};

}  // namespace attnpaths::mpi
