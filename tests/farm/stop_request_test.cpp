#include "farm/stop_request.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <string_view>
#include <thread>

namespace attnpaths {
namespace {

/// Signals leave their mark on the whole process, so every case runs in one of its own.
void expect_after(std::initializer_list<int> signals, StopRequest expected) {
    EXPECT_EXIT(
        {
            watch_signals();
            for (const int signal : signals) std::raise(signal);
            std::_Exit(stop_request() == expected ? 0 : 1);
        },
        testing::ExitedWithCode(0), "");
}

TEST(StopRequest, FollowsTheStrongestSignal) {
    expect_after({}, StopRequest::none);
    expect_after({SIGUSR1}, StopRequest::drain);
    expect_after({SIGTERM}, StopRequest::now);
    expect_after({SIGINT}, StopRequest::now);
    expect_after({SIGUSR1, SIGTERM}, StopRequest::now);
    expect_after({SIGTERM, SIGUSR1}, StopRequest::now);
    expect_after({SIGTERM, SIGTERM, SIGUSR1, SIGUSR1}, StopRequest::now);
}

TEST(StopRequest, ADrainBecomesAStop) {
    EXPECT_EXIT(
        {
            watch_signals();
            std::raise(SIGUSR1);
            std::this_thread::sleep_for(drain_time / 2);
            std::raise(SIGUSR1);  // changes nothing
            std::this_thread::sleep_for(drain_time / 2);
            const bool stops = stop_request() == StopRequest::now;
            std::_Exit(stops && std::string_view(stop_signal()) == "SIGUSR1" ? 0 : 1);
        },
        testing::ExitedWithCode(0), "");
}

TEST(StopGrace, IsTheTimeWithoutABreak) {
    const auto until = [](StopGrace& grace, auto end) {
        while (std::chrono::steady_clock::now() < end)
            if (grace.has_passed(true)) return true;
        return false;
    };
    StopGrace grace;
    EXPECT_FALSE(grace.has_passed(true));
    EXPECT_FALSE(grace.has_passed(false));
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_TRUE(until(grace, begin + std::chrono::seconds(1))) << "less than a second";
    EXPECT_GT(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(50)) << "the break counts";
    EXPECT_FALSE(grace.has_passed(false));
}

TEST(StopRequest, ASecondInterruptEndsTheProcess) {
    EXPECT_EXIT(
        {
            watch_signals();
            std::raise(SIGINT);
            std::raise(SIGINT);
            std::_Exit(0);
        },
        testing::KilledBySignal(SIGINT), "");
}

TEST(Deadline, IsFarAwayWithoutALimit) {
    EXPECT_TRUE(std::isinf(Deadline().left()));
    EXPECT_FALSE(Deadline().passed());
    for (const double seconds : {1e10, 1e300, 9e18})
        EXPECT_TRUE(std::isinf(Deadline(seconds).left())) << seconds;
}

TEST(Deadline, KnowsWhatSetIt) {
    EXPECT_EQ(Deadline(1).reason(), "the time limit");
    EXPECT_EQ(Deadline(1, "the end of the job").reason(), "the end of the job");
}

TEST(Deadline, PassesWhenItsTimeIsOver) {
    EXPECT_TRUE(Deadline(0).passed());
    EXPECT_FALSE(Deadline(3600).passed());
    EXPECT_NEAR(Deadline(3600).left(), 3600, 1);
    const Deadline soon(0.02);
    EXPECT_FALSE(soon.passed());
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    EXPECT_TRUE(soon.passed());
    EXPECT_GT(Deadline(365.0 * 86400 * 100).left(), 1e9) << "a limit of a century does not overflow";
}

}  // namespace
}  // namespace attnpaths
