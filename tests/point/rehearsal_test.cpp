#include "point/rehearsal.hpp"

#include "base/error.hpp"
#include "point/solve_point.hpp"
#include "store/compare.hpp"
#include "sweep/grid.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <thread>

namespace attnpaths {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::ThrowsMessage;

Configuration rehearsal(std::map<std::string, std::string> texts) {
    texts.insert({{"task.name", "rehearsal"}, {"grid.width", "10 20"}});
    Settings settings;
    for (const auto& [key, text] : texts) settings.set(key, {text, "command line"});
    return read_configuration(std::move(settings));
}

std::vector<std::string> keys_of(const Configuration& configuration) {
    std::vector<std::string> keys;
    for (const GridPoint& point : grid_points(configuration)) keys.push_back(point.key);
    return keys;
}

TEST(Rehearsal, IsUnderstood) {
    const Configuration configuration =
        rehearsal({{"task.seconds", "0.5"}, {"task.crash_widths", "10, 1e3"}, {"task.hang_widths", "7"}});
    const Rehearsal& task = *configuration.task->rehearsal();
    EXPECT_EQ(task.seconds, 0.5);
    EXPECT_THAT(task.crash_widths, ElementsAre(10, 1000));
    EXPECT_THAT(task.hang_widths, ElementsAre(7));
    const Configuration unchanged = rehearsal({});
    const Rehearsal& plain = *unchanged.task->rehearsal();
    EXPECT_EQ(plain.seconds, 0.001);
    EXPECT_THAT(plain.crash_widths, IsEmpty());
    EXPECT_THAT(plain.hang_widths, IsEmpty());
}

TEST(Rehearsal, TakesEveryGrid) {
    const Configuration odd =
        rehearsal({{"grid.examples", "41"}, {"grid.heads", "1 3:2"}, {"grid.seed", "1 2"}});
    EXPECT_EQ(grid_points(odd).size(), 2U * 2 * 2);
}

TEST(Rehearsal, RefusesSampling) {
    EXPECT_THAT(
        [] {
            rehearsal({{"analyses.run", "default weight-samples"}});
        },
        ThrowsMessage<UsageError>(HasSubstr("--analyses.run: a rehearsal computes nothing")));
}

TEST(Rehearsal, NeitherKeysNorResultsDependOnWhatHappensOnTheWay) {
    const Configuration plain = rehearsal({});
    const Configuration other =
        rehearsal({{"task.seconds", "0.02"}, {"task.crash_widths", "30"}, {"task.hang_widths", "40"}});
    EXPECT_EQ(keys_of(plain), keys_of(other));
    EXPECT_NE(keys_of(plain).front(), keys_of(plain).back());
    for (const GridPoint& point : grid_points(plain))
        EXPECT_THAT(record_differences(solve(plain, point), solve(other, point)), IsEmpty());
}

TEST(Rehearsal, TakesItsTimeAndPollsMeanwhile) {
    const Configuration slow = rehearsal({{"task.seconds", "0.1"}});
    const GridPoint point = grid_points(slow).front();
    int polls = 0;
    PointHooks hooks;
    hooks.poll = [&] { ++polls; };
    const auto begin = std::chrono::steady_clock::now();
    solve(slow, point, hooks);
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
    EXPECT_GE(time.count(), 0.1);
    EXPECT_GE(polls, 3);
    hooks.poll = [&] {
        if (--polls == 0) throw Interrupted();
    };
    EXPECT_THROW(solve(rehearsal({{"task.seconds", "1e6"}}), point, hooks), Interrupted);
}

TEST(Rehearsal, CrashesAtTheWidthsThatItIsToldAndOnlyThere) {
    const Configuration configuration = rehearsal({{"task.crash_widths", "20"}});
    const std::vector<GridPoint> points = grid_points(configuration);
    EXPECT_NO_THROW(solve(configuration, points.front()));
    // Sanitizers turn the signal into an exit code of their own.
    EXPECT_DEATH(solve(configuration, points.back()), "");
}

TEST(Rehearsal, AHangHearsNothing) {
    const Configuration configuration = rehearsal({{"task.hang_widths", "20"}});
    const std::vector<GridPoint> points = grid_points(configuration);
    EXPECT_NO_THROW(solve(configuration, points.front()));
    EXPECT_EXIT(
        {
            // Signals that are caught do not end it, and it never polls.
            std::signal(SIGUSR1, [](int) {});
            PointHooks hooks;
            hooks.poll = [] { _exit(1); };
            std::thread waker([] {
                for (int i = 0; i < 5; ++i) {
                    std::this_thread::sleep_for(std::chrono::milliseconds(20));
                    kill(getpid(), SIGUSR1);
                }
                kill(getpid(), SIGKILL);
            });
            solve(configuration, points.back(), hooks);
            _exit(0);
        },
        testing::KilledBySignal(SIGKILL), "");
}

}  // namespace
}  // namespace attnpaths
