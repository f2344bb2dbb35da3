#include "farm/liveness_link.hpp"

#include "base/text.hpp"
#include "farm/liveness_protocol.hpp"

#include <arpa/inet.h>
#include <cerrno>
#include <chrono>
#include <netinet/in.h>
#include <poll.h>
#include <string_view>
#include <sys/socket.h>

namespace attnpaths {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds connect_time{1000};
/// The watch looks several times a second; it may have a store to write first.
constexpr std::chrono::milliseconds answer_time{10000};

/// Waits until the socket is ready. @returns false when the time is over
bool wait_for(const Descriptor& socket, short event, Clock::time_point end) {
    while (true) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()).count();
        if (left < 0) return false;
        pollfd wanted{socket.number(), event, 0};
        const int ready = ::poll(&wanted, 1, static_cast<int>(left) + 1);
        if (ready > 0) return true;
        if (ready < 0 && errno != EINTR) return false;
    }
}

/// A connected socket that does not block; closed if nobody listens there.
Descriptor connect_to(const std::string& address, std::uint16_t port) {
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_port = htons(port);
    if (inet_pton(AF_INET, address.c_str(), &where.sin_addr) != 1) return {};
    Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!socket.is_open()) return {};
    const auto end = Clock::now() + connect_time;
    if (connect(socket.number(), reinterpret_cast<const sockaddr*>(&where), sizeof where) == 0) return socket;
    if (errno != EINPROGRESS || !wait_for(socket, POLLOUT, end)) return {};
    int error = 0;
    socklen_t size = sizeof error;
    if (getsockopt(socket.number(), SOL_SOCKET, SO_ERROR, &error, &size) != 0 || error != 0) return {};
    return socket;
}

/// Sends the greeting, and waits for the answer that only the right watch knows.
bool greet(const Descriptor& socket, std::string_view secret, int rank) {
    std::string greeting(secret.substr(0, liveness::greeting_secret));
    const liveness::Word word = rank;
    greeting.append(reinterpret_cast<const char*>(&word), sizeof word);
    if (send(socket.number(), greeting.data(), greeting.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(greeting.size()))
        return false;
    const std::string_view expected = secret.substr(liveness::greeting_secret);
    std::string answer(expected.size(), '\0');
    const auto end = Clock::now() + answer_time;
    for (std::size_t have = 0; have < answer.size();) {
        if (!wait_for(socket, POLLIN, end)) return false;
        const ssize_t got = recv(socket.number(), answer.data() + have, answer.size() - have, 0);
        if (got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN)) return false;
        if (got > 0) have += static_cast<std::size_t>(got);
    }
    return answer == expected;
}

}  // namespace

LivenessLink::LivenessLink(const std::string& invitation, int rank) {
    const std::vector<std::string> words = split(invitation, " ");  // port, secret, addresses
    std::int64_t port = 0;
    if (words.size() < 3 || !parse_integer(words[0], port) ||
        words[1].size() != liveness::greeting_secret + liveness::answer_secret)
        return;
    for (std::size_t i = 2; i < words.size(); ++i) {
        Descriptor socket = connect_to(words[i], static_cast<std::uint16_t>(port));
        if (!socket.is_open() || !greet(socket, words[1], rank)) continue;
        socket_ = std::move(socket);
        fatal_signal_report_.emplace(socket_.number());
        // The first word: from now on the end of this connection means something.
        idle();
        return;
    }
}

LivenessLink::~LivenessLink() {
    fatal_signal_report_.reset();
    say(liveness::goodbye);
}

void LivenessLink::working_on(std::int64_t serial) {
    say(serial);
}

void LivenessLink::idle() {
    say(liveness::idle);
}

bool LivenessLink::has_lost_master() const {
    if (!socket_.is_open()) return false;
    // The master says nothing after its answer: what there is to read is the end.
    char nothing = 0;
    const ssize_t got = recv(socket_.number(), &nothing, 1, MSG_PEEK | MSG_DONTWAIT);
    return got == 0 || (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
}

void LivenessLink::say(std::int64_t word) {
    // A word that finds no room is left out: the master has not read thousands before it. The system takes
    // eight bytes whole or not at all. An end of the master is noticed by has_lost_master().
    if (socket_.is_open())
        static_cast<void>(send(socket_.number(), &word, sizeof word, MSG_NOSIGNAL | MSG_DONTWAIT));
}

}  // namespace attnpaths
