// What arrives at the master's liveness port: from others, who do not know the secret (first byte even),
// and from workers, who do. Another is never a loss, and no loss names a task or a signal that cannot be.
#include "farm/liveness_monitor.hpp"
#include "farm/liveness_protocol.hpp"
#include "files/descriptor.hpp"

#include <arpa/inet.h>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <netinet/in.h>
#include <sstream>
#include <string>
#include <sys/socket.h>
#include <vector>

namespace {

using namespace attnpaths;

/// A connection to the watch; closing it leaves nothing behind, so that ports last.
Descriptor connected(std::uint16_t port) {
    Descriptor line(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    where.sin_port = htons(port);
    const linger at_once{1, 0};
    setsockopt(line.number(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    if (connect(line.number(), reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0) {
        if (errno == EINTR) return connected(port);  // libFuzzer's own alarm
        std::abort();
    }
    return line;
}

void say(const Descriptor& line, const std::string& bytes) {
    // The watch may have closed the connection already, which is an answer.
    static_cast<void>(send(line.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static LivenessMonitor watch(LivenessMonitor::Reach::this_machine);
    if (size < 2) return 0;
    std::uint16_t port = 0;
    std::string secret;
    std::istringstream(watch.invitation()) >> port >> secret;

    // The greeting and the words in two pieces, at a place that the second byte gives.
    const std::string greeting = secret.substr(0, liveness::greeting_secret);
    std::string bytes = data[0] % 2 == 1 ? greeting : std::string();
    bytes.append(reinterpret_cast<const char*>(data) + 2, size - 2);
    const bool is_worker = bytes.starts_with(greeting);  // libFuzzer sees comparisons, and learns the secret
    const std::size_t first = std::min<std::size_t>(data[1], bytes.size());

    std::vector<Loss> losses;
    const auto look = [&] {
        for (Loss& loss : watch.look()) losses.push_back(std::move(loss));
    };
    {
        const Descriptor line = connected(port);
        say(line, bytes.substr(0, first));
        look();
        say(line, bytes.substr(first));
        look();
    }
    look();
    if (losses.size() > (is_worker ? 1 : 0)) std::abort();
    for (const Loss& loss : losses)
        if (loss.serial.value_or(0) < 0 || loss.signal.value_or(0) < 0 || loss.what.empty()) std::abort();
    return 0;
}
