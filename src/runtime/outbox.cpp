#include "runtime/outbox.hpp"

#include <exception>
#include <utility>

namespace attnpaths::mpi {

void Outbox::send(std::string bytes, int destination, int tag) {
    check_size(bytes.size());
    // The buffer must stay where it is until the message is received.
    Message& message = messages_.emplace_back();
    message.bytes = std::move(bytes);
    check(MPI_Isend(message.bytes.data(), static_cast<int>(message.bytes.size()), MPI_BYTE, destination, tag,
                    MPI_COMM_WORLD, &message.request),
          "MPI_Isend");
}

void Outbox::tidy() {
    for (auto message = messages_.begin(); message != messages_.end();) {
        int received = 0;
        check(MPI_Test(&message->request, &received, MPI_STATUS_IGNORE), "MPI_Test");
        message = received != 0 ? messages_.erase(message) : std::next(message);
    }
}

Outbox::~Outbox() {
    if (std::uncaught_exceptions() > 0) {
        // MPI may still read the buffers: they are left to it until the end of the process, which is near.
        static std::list<Message> abandoned;
        abandoned.splice(abandoned.end(), messages_);
        return;
    }
    for (Message& message : messages_) MPI_Wait(&message.request, MPI_STATUS_IGNORE);
}

}  // namespace attnpaths::mpi
