#include "farm/liveness_monitor.hpp"

#include "farm/liveness_protocol.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <ifaddrs.h>
#include <limits>
#include <memory>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <random>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>

namespace attnpaths {

namespace {

/// Time that a connection has to prove that it is a worker's.
constexpr std::chrono::seconds greeting_time{10};

/// Connections that have not proved it yet, at any one time: a quarter of what this process may have open.
std::ptrdiff_t most_unproven() {
    constexpr std::ptrdiff_t enough = 256;
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur / 4 > enough) return enough;
    return static_cast<std::ptrdiff_t>(limit.rlim_cur / 4);
}

/// IPv4 addresses of this machine that others may reach; the loopback's if there is no other.
std::vector<std::string> own_addresses() {
    ifaddrs* list = nullptr;
    if (getifaddrs(&list) != 0) return {"127.0.0.1"};
    const std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> owner(list, freeifaddrs);
    std::vector<std::string> addresses;
    for (const ifaddrs* entry = list; entry != nullptr; entry = entry->ifa_next) {
        if (entry->ifa_addr == nullptr || entry->ifa_addr->sa_family != AF_INET) continue;
        if ((entry->ifa_flags & IFF_UP) == 0 || (entry->ifa_flags & IFF_LOOPBACK) != 0) continue;
        std::array<char, INET_ADDRSTRLEN> text{};
        const auto* address = reinterpret_cast<const sockaddr_in*>(entry->ifa_addr);
        if (inet_ntop(AF_INET, &address->sin_addr, text.data(), text.size()) != nullptr)
            addresses.emplace_back(text.data());
    }
    if (addresses.empty()) addresses.emplace_back("127.0.0.1");
    return addresses;
}

std::string random_hexadecimal(std::size_t digits) {
    std::random_device device;
    std::string text;
    while (text.size() < digits) text += fmt::format("{:08x}", device());
    text.resize(digits);
    return text;
}

/// Has the system ask a silent peer for a sign of life: after 10 s, and then every 5 s, three times.
void keep_alive(int socket) {
    const auto set = [&](int level, int option, int value) {
        setsockopt(socket, level, option, &value, sizeof value);
    };
    set(SOL_SOCKET, SO_KEEPALIVE, 1);
    set(IPPROTO_TCP, TCP_KEEPIDLE, 10);
    set(IPPROTO_TCP, TCP_KEEPINTVL, 5);
    set(IPPROTO_TCP, TCP_KEEPCNT, 3);
}

bool add_to(const Descriptor& events, int descriptor) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = descriptor;
    return epoll_ctl(events.number(), EPOLL_CTL_ADD, descriptor, &event) == 0;
}

/// What a connection that ended without a goodbye tells.
std::string end_text(int error) {
    if (error == ETIMEDOUT || error == EHOSTUNREACH || error == ENETUNREACH)
        return fmt::format("gave no sign of life any more ({}): its node or the network is gone",
                           std::strerror(error));
    return "died without reporting a signal (SIGKILL: out of memory, or by hand)";
}

}  // namespace

LivenessMonitor::LivenessMonitor(Reach reach)
    : listener_(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)),
      events_(epoll_create1(EPOLL_CLOEXEC)),
      secret_(random_hexadecimal(liveness::greeting_secret + liveness::answer_secret)),
      most_unproven_(most_unproven()) {
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_addr.s_addr = htonl(reach == Reach::this_machine ? INADDR_LOOPBACK : INADDR_ANY);
    auto* const address = reinterpret_cast<sockaddr*>(&where);
    socklen_t size = sizeof where;
    if (bind(listener_.number(), address, size) != 0 || listen(listener_.number(), SOMAXCONN) != 0 ||
        getsockname(listener_.number(), address, &size) != 0 || !add_to(events_, listener_.number()))
        return;
    invitation_ = fmt::format(
        "{} {} {}", ntohs(where.sin_port), secret_,
        fmt::join(reach == Reach::this_machine ? std::vector<std::string>{"127.0.0.1"} : own_addresses(),
                  " "));
}

std::vector<Loss> LivenessMonitor::look() {
    std::array<epoll_event, 64> ready{};
    int count = 0;
    do {
        count = epoll_wait(events_.number(), ready.data(), static_cast<int>(ready.size()), 0);
        for (int i = 0; i < count; ++i) {
            const int descriptor = ready[static_cast<std::size_t>(i)].data.fd;
            if (descriptor == listener_.number()) {
                accept_all();
            } else if (const auto line = lines_.find(descriptor);
                       line != lines_.end() && !read(line->second)) {
                lines_.erase(line);  // closes, which ends its events too
            }
        }
    } while (count == static_cast<int>(ready.size()));
    drop_unproven();
    return std::exchange(losses_, {});
}

std::optional<std::int64_t> LivenessMonitor::serial_of(int rank) const {
    for (const auto& [descriptor, line] : lines_)
        if (line.rank == rank) return line.serial;
    return std::nullopt;
}

void LivenessMonitor::accept_all() {
    while (true) {
        Descriptor socket(accept4(listener_.number(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
        if (!socket.is_open()) return;
        const int number = socket.number();
        make_room();
        keep_alive(number);
        if (add_to(events_, number))
            lines_.insert_or_assign(number, Line{std::move(socket), Clock::now(), {}, {}, false, {}});
    }
}

bool LivenessMonitor::read(Line& line) {
    std::array<char, 4096> bytes;
    while (true) {
        const ssize_t got = recv(line.socket.number(), bytes.data(), bytes.size(), 0);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0 && errno == EAGAIN) return true;
        if (got <= 0) {
            if (line.has_spoken) lose(line, std::nullopt, end_text(got < 0 ? errno : 0));
            return false;
        }
        line.unread.append(bytes.data(), static_cast<std::size_t>(got));
        if (!line.rank && !take_greeting(line)) return false;
        if (line.rank && !take_words(line)) return false;
    }
}

bool LivenessMonitor::take_greeting(Line& line) {
    if (line.unread.size() < liveness::greeting_bytes) return true;
    if (line.unread.compare(0, liveness::greeting_secret, secret_, 0, liveness::greeting_secret) != 0)
        return false;
    liveness::Word rank = 0;
    std::memcpy(&rank, line.unread.data() + liveness::greeting_secret, sizeof rank);
    if (rank < 0 || rank > std::numeric_limits<int>::max()) return false;
    line.rank = static_cast<int>(rank);
    line.unread.erase(0, liveness::greeting_bytes);
    return send(line.socket.number(), secret_.data() + liveness::greeting_secret, liveness::answer_secret,
                MSG_NOSIGNAL) == static_cast<ssize_t>(liveness::answer_secret);
}

bool LivenessMonitor::take_words(Line& line) {
    std::size_t begin = 0;
    liveness::Word word = 0;
    for (; line.unread.size() - begin >= sizeof word; begin += sizeof word) {
        std::memcpy(&word, line.unread.data() + begin, sizeof word);
        if (!liveness::is_known(word)) return false;
        line.has_spoken = true;
        if (word == liveness::goodbye) return false;
        if (liveness::is_signal(word)) {
            const int signal = liveness::signal_of(word);
            // Counts at once: what the signal does next, a stack trace for example, may take long or hang.
            lose(line, signal, fmt::format("was killed by signal {} ({})", signal, strsignal(signal)));
            return false;
        }
        line.serial = word >= 0 ? std::optional(word) : std::nullopt;
    }
    line.unread.erase(0, begin);
    return true;
}

void LivenessMonitor::lose(const Line& line, std::optional<int> signal, std::string what) {
    losses_.push_back({*line.rank, line.serial, signal, std::move(what)});
}

void LivenessMonitor::make_room() {
    const auto is_unproven = [](const auto& entry) { return !entry.second.rank; };
    if (std::count_if(lines_.begin(), lines_.end(), is_unproven) < most_unproven_) return;
    auto oldest = lines_.end();
    for (auto line = lines_.begin(); line != lines_.end(); ++line)
        if (is_unproven(*line) && (oldest == lines_.end() || line->second.since < oldest->second.since))
            oldest = line;
    lines_.erase(oldest);
}

void LivenessMonitor::drop_unproven() {
    const auto now = Clock::now();
    std::erase_if(lines_, [&](const auto& entry) {
        return !entry.second.rank && now - entry.second.since > greeting_time;
    });
}

}  // namespace attnpaths
