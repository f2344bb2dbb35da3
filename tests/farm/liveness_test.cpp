#include "farm/liveness_link.hpp"
#include "farm/liveness_monitor.hpp"
#include "farm/liveness_workers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <cstring>
#include <memory>
#include <optional>
#include <sys/wait.h>
#include <thread>

namespace attnpaths {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

[[gnu::noinline]] int overflow_the_stack(int depth) {
    volatile char room[4096];
    room[0] = static_cast<char>(depth);
    return depth < 0 ? 0 : overflow_the_stack(depth + 1) + room[0];
}

TEST(LivenessLink, AKilledWorkerIsKnownAtOnceWithItsTask) {
    LivenessMonitor watch;
    const pid_t child = start_worker(watch, 3, [](LivenessLink& line) {
        line.working_on(6);
        line.working_on(7);
        std::raise(SIGKILL);
    });
    const auto begin = Clock::now();
    const std::vector<Loss> losses = look_for(watch);
    EXPECT_LT(Clock::now() - begin, 900ms) << "Open MPI ends the launch a second after a death";
    ASSERT_EQ(losses.size(), 1U);
    EXPECT_EQ(losses.front().rank, 3);
    EXPECT_EQ(losses.front().serial, 7);
    EXPECT_EQ(losses.front().signal, std::nullopt);
    EXPECT_THAT(losses.front().what, HasSubstr("died without reporting a signal (SIGKILL"));
    EXPECT_EQ(WTERMSIG(end_of(child)), SIGKILL);
    EXPECT_TRUE(look_for(watch, 300ms).empty()) << "a death is told once";
}

TEST(LivenessLink, AWorkerKilledByAFaultNamesTheSignal) {
    for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) {
        LivenessMonitor watch;
        const pid_t child = start_worker(watch, 1, [&](LivenessLink& line) {
            line.working_on(1);
            std::raise(signal);
        });
        const std::vector<Loss> losses = look_for(watch);
        ASSERT_EQ(losses.size(), 1U) << strsignal(signal);
        EXPECT_EQ(losses.front().what,
                  "was killed by signal " + std::to_string(signal) + " (" + strsignal(signal) + ")");
        EXPECT_EQ(losses.front().signal, signal);
        EXPECT_EQ(losses.front().serial, 1);
        EXPECT_NE(end_of(child), 0) << "the signal must have its way after the report";
    }
}

TEST(LivenessLink, AStackOverflowIsReportedToo) {
    LivenessMonitor watch;
    const pid_t child = start_worker(watch, 1, [](LivenessLink&) { overflow_the_stack(0); });
    const std::vector<Loss> losses = look_for(watch);
    ASSERT_EQ(losses.size(), 1U);
    EXPECT_THAT(losses.front().what, HasSubstr("killed by signal 11"));
    EXPECT_EQ(losses.front().serial, std::nullopt);
    EXPECT_NE(end_of(child), 0);
}

TEST(LivenessLink, WhatASignalDidBeforeItDoesAfterTheReport) {
    LivenessMonitor watch;
    const pid_t child = fork();
    if (child == 0) {
        std::signal(SIGABRT, [](int) { _exit(42); });
        const LivenessLink line(watch.invitation(), 1);
        std::raise(SIGABRT);
        _exit(0);
    }
    ASSERT_EQ(look_for(watch).size(), 1U);
    EXPECT_EQ(WEXITSTATUS(end_of(child)), 42);
}

TEST(LivenessLink, AnIdleWorkerDiesAtNoTask) {
    LivenessMonitor watch;
    const pid_t child = start_worker(watch, 2, [](LivenessLink& line) {
        line.working_on(5);
        line.idle();
    });
    const std::vector<Loss> losses = look_for(watch);
    ASSERT_EQ(losses.size(), 1U) << "_exit without a goodbye is a death";
    EXPECT_EQ(losses.front().serial, std::nullopt);
    end_of(child);
}

TEST(LivenessLink, AGoodbyeIsNoLoss) {
    LivenessMonitor watch;
    const pid_t child = start_worker(watch, 2, [](LivenessLink& line) {
        line.working_on(5);
        line.~LivenessLink();
    });
    EXPECT_TRUE(look_for(watch, 500ms).empty());
    EXPECT_EQ(end_of(child), 0);
}

TEST(LivenessLink, AfterTheGoodbyeASignalIsNobodysBusiness) {
    LivenessMonitor watch;
    const pid_t child = start_worker(watch, 2, [](LivenessLink& line) {
        line.~LivenessLink();
        std::raise(SIGSEGV);
    });
    EXPECT_TRUE(look_for(watch, 500ms).empty());
    EXPECT_NE(end_of(child), 0);
}

TEST(LivenessLink, EveryWorkerHasALinkOfItsOwn) {
    LivenessMonitor watch;
    std::vector<pid_t> children;
    for (const int rank : {1, 2, 3})
        children.push_back(start_worker(watch, rank, [rank](LivenessLink& line) {
            line.working_on(10 * rank);
            pause();
        }));
    EXPECT_TRUE(look_for(watch, 300ms).empty());
    for (const int rank : {1, 2, 3}) EXPECT_EQ(watch.serial_of(rank), 10 * rank);
    EXPECT_EQ(watch.serial_of(4), std::nullopt);
    for (const int rank : {3, 1}) {
        kill(children[static_cast<std::size_t>(rank - 1)], SIGKILL);
        const std::vector<Loss> losses = look_for(watch);
        ASSERT_THAT(ranks_of(losses), UnorderedElementsAre(rank));
        EXPECT_EQ(losses.front().serial, 10 * rank);
        EXPECT_EQ(watch.serial_of(rank), std::nullopt);
    }
    EXPECT_EQ(watch.serial_of(2), 20);
    kill(children[1], SIGKILL);
    for (const pid_t child : children) end_of(child);
}

TEST(LivenessLink, TheLastOfManyTasksCountsHoweverSeldomTheMasterLooks) {
    LivenessMonitor watch;
    const pid_t child = start_worker(watch, 1, [](LivenessLink& line) {
        line.working_on(0);
        std::raise(SIGSTOP);
        for (int serial = 1; serial <= 2000; ++serial) line.working_on(serial);
        std::raise(SIGSEGV);
    });
    // The connection needs a look or two, the rest can wait.
    for (const auto end = Clock::now() + 5s; !watch.serial_of(1) && Clock::now() < end;) watch.look();
    ASSERT_EQ(watch.serial_of(1), 0);
    int status = 0;
    waitpid(child, &status, WUNTRACED);
    kill(child, SIGCONT);
    EXPECT_NE(end_of(child), 0);
    const std::vector<Loss> losses = look_for(watch);
    ASSERT_EQ(losses.size(), 1U);
    EXPECT_EQ(losses.front().serial, 2000);
    EXPECT_EQ(losses.front().signal, SIGSEGV);
}

TEST(LivenessLink, WithoutAWatchAWorkerGoesOn) {
    const std::string invitation = LivenessMonitor().invitation();
    for (const std::string& text :
         {invitation, std::string(), std::string("nonsense"), std::string("1 2 3")}) {
        const auto begin = Clock::now();
        LivenessLink line(text, 1);
        EXPECT_FALSE(line.is_connected()) << text;
        EXPECT_LT(Clock::now() - begin, 2s) << text;
        line.working_on(1);
        line.idle();
    }
}

TEST(LivenessLink, AWorkerOutlivesTheWatch) {
    auto watch = std::make_unique<LivenessMonitor>();
    std::optional<LivenessLink> line;
    {
        const LookingThread looking(*watch);
        line.emplace(watch->invitation(), 1);
    }
    ASSERT_TRUE(line->is_connected());
    EXPECT_FALSE(line->has_lost_master());
    watch.reset();
    std::this_thread::sleep_for(50ms);
    EXPECT_TRUE(line->has_lost_master());
    // A write to a closed connection raises SIGPIPE, which would end this process.
    for (int serial = 0; serial < 100; ++serial) {
        line->working_on(serial);
        std::this_thread::sleep_for(1ms);
    }
}

}  // namespace
}  // namespace attnpaths
