#include "farm/outbox.hpp"

#include <utility>

namespace attnpaths::mpi {

void Outbox::send(std::string bytes, int destination, int tag) {
    // The buffer must stay where it is until the message is received.
    std::list<Message> message(1);
    message.front().bytes = std::move(bytes);
    message.front().request = Communicator::start_sending(message.front().bytes, destination, tag);
    messages_.splice(messages_.end(), message);
}

void Outbox::tidy() {
    messages_.remove_if([](Message& message) { return Communicator::is_complete(message.request); });
}

Outbox::~Outbox() {
    // MPI may still read the buffers: they are left to it until the end of the process, which is near.
    static std::list<Message> abandoned;
    abandoned.splice(abandoned.end(), messages_);
}

}  // namespace attnpaths::mpi
