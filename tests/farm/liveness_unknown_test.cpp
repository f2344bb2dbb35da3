// Connections to a liveness connection watch that no worker makes, and addresses where nobody is.
#include "farm/liveness_workers.hpp"
#include "files/descriptor.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <csignal>
#include <netinet/in.h>
#include <string>
#include <sys/resource.h>
#include <sys/socket.h>
#include <vector>

namespace attnpaths {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using testing::UnorderedElementsAre;

std::string with_secret(std::string invitation, char digit) {
    const std::size_t begin = invitation.find(' ') + 1;
    for (std::size_t i = begin; invitation[i] != ' '; ++i) invitation[i] = digit;
    return invitation;
}

/// A connection of somebody who is no worker, or says so later.
Descriptor connect_as_another(const std::string& invitation) {
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_port = htons(static_cast<std::uint16_t>(std::stoi(invitation)));
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    Descriptor line(socket(AF_INET, SOCK_STREAM, 0));
    if (connect(line.number(), reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0)
        return Descriptor();
    return line;
}

TEST(LivenessOfOthers, AnAddressThatDoesNotAnswerIsPassedOver) {
    LivenessMonitor watch;
    const LookingThread looking(watch);
    std::string invitation = watch.invitation();
    // 198.51.100.0/24 is nobody's (RFC 5737).
    invitation.insert(invitation.rfind(' '), " 198.51.100.1 nonsense");
    const auto begin = Clock::now();
    EXPECT_TRUE(LivenessLink(invitation, 1).is_connected());
    EXPECT_LT(Clock::now() - begin, 3s);
}

TEST(LivenessOfOthers, OthersAreNoLoss) {
    LivenessMonitor watch;
    {
        const LookingThread looking(watch);
        EXPECT_FALSE(LivenessLink(with_secret(watch.invitation(), 'f'), 1).is_connected());
        // The last one knows the secret, but goes before it said a first word: so does a worker that waited
        // too long for its answer.
        const std::string greeting =
            watch.invitation().substr(watch.invitation().find(' ') + 1, 32) + std::string(8, '\0');
        for (const std::string& words :
             {std::string(), std::string(3, '7'), std::string(40, '7'), std::string(5000, '7'), greeting}) {
            const Descriptor other = connect_as_another(watch.invitation());
            ASSERT_TRUE(other.is_open());
            EXPECT_GE(send(other.number(), words.data(), words.size(), MSG_NOSIGNAL), 0);
            std::this_thread::sleep_for(20ms);
        }
        std::this_thread::sleep_for(100ms);
        EXPECT_EQ(looking.losses(), 0U);
    }
    EXPECT_TRUE(look_for(watch, 400ms).empty());
    // And workers are still served.
    const pid_t child = start_worker(watch, 9, [](LivenessLink&) { std::raise(SIGKILL); });
    EXPECT_THAT(ranks_of(look_for(watch)), UnorderedElementsAre(9));
    end_of(child);
}

TEST(LivenessOfOthers, SilentOnesDoNotUseUpTheDescriptors) {
    const pid_t child = fork();
    if (child == 0) {
        constexpr rlim_t few = 64;
        const rlimit limit{few, few};
        if (setrlimit(RLIMIT_NOFILE, &limit) != 0) _exit(2);
        LivenessMonitor limited;
        const pid_t others = fork();
        if (others == 0) {
            constexpr int many = 50;
            std::vector<Descriptor> lines;
            for (int i = 0; i < many; ++i) {
                lines.push_back(connect_as_another(limited.invitation()));
                if (!lines.back().is_open()) _exit(1);
            }
            pause();
        }
        std::this_thread::sleep_for(1000ms);
        static_cast<void>(limited.look());
        // What is left for the store and for workers.
        constexpr int needed = 32;
        for (int i = 0; i < needed; ++i)
            if (dup(STDERR_FILENO) < 0) {
                kill(others, SIGKILL);
                _exit(3);
            }
        kill(others, SIGKILL);
        _exit(0);
    }
    EXPECT_EQ(end_of(child), 0);
}

}  // namespace
}  // namespace attnpaths
