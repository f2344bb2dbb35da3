#include "farm/progress.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

namespace attnpaths {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

template <class Action>
std::string standard_error_of(const Action& action) {
    testing::internal::CaptureStderr();
    action();
    return testing::internal::GetCapturedStderr();
}

TEST(ProgressLines, CountWhatIsFinishedAndFailed) {
    const std::string text = standard_error_of([] {
        Progress progress(ProgressStyle::lines, 10, 3, 1, 7);
        progress.show(true);
        progress.point_done(1);
        progress.point_failed(1);
        progress.show(true);
    });
    EXPECT_THAT(text, StartsWith("3/10 points, 1 failed\n5/10 points, 2 failed, "));
    EXPECT_THAT(text, AllOf(HasSubstr("points/s"), HasSubstr(" left\n"), Not(HasSubstr("\033"))));
}

TEST(ProgressLines, ComeNowAndThenOnly) {
    EXPECT_EQ(standard_error_of([] {
                  Progress progress(ProgressStyle::lines, 1000, 0, 0, 1000);
                  for (int i = 0; i < 1000; ++i) {
                      progress.point_done(1);
                      progress.show();
                  }
              }),
              "");
}

TEST(ProgressLines, DoNotRepeatThemselves) {
    const std::string text = standard_error_of([] {
        Progress progress(ProgressStyle::lines, 2, 2, 0, 0);
        for (int i = 0; i < 5; ++i) progress.show(true);
    });
    EXPECT_EQ(text, "2/2 points\n");
}

TEST(ProgressLines, GrowWithWhatIsWanted) {
    const std::string text = standard_error_of([] {
        Progress progress(ProgressStyle::lines, 2, 2, 0, 0);
        progress.show(true);
        progress.extend(3, 3);
        progress.show(true);
    });
    EXPECT_EQ(text, "2/2 points\n2/5 points\n");
}

/// The longest points come first: what is left is told by work, not by number.
TEST(ProgressLines, TellWhatIsLeftByTheWorkOfThePoints) {
    const auto left_after = [](double work) {
        return standard_error_of([&] {
            Progress progress(ProgressStyle::lines, 101, 0, 0, 200);
            std::this_thread::sleep_for(std::chrono::milliseconds(1100));
            progress.point_done(work);
            progress.show(true);
        });
    };
    const std::string seconds = ", [0-9]\\.[0-9] s left";
    EXPECT_THAT(left_after(100), ContainsRegex(seconds));     // half of the work is done
    EXPECT_THAT(left_after(0), Not(ContainsRegex(seconds)));  // nothing is known of it
}

TEST(ProgressBar, FillsAndEndsItsLine) {
    const auto bar = [](std::size_t finished) {
        return standard_error_of([&] { Progress(ProgressStyle::bar, 30, finished, 0, 0).show(true); });
    };
    EXPECT_EQ(bar(0), "\r\033[K[" + std::string(30, '.') + "] 0/30 points\n");
    EXPECT_EQ(bar(10), "\r\033[K[" + std::string(10, '#') + std::string(20, '.') + "] 10/30 points\n");
    EXPECT_EQ(bar(30), "\r\033[K[" + std::string(30, '#') + "] 30/30 points\n");
}

TEST(ProgressNone, SaysNothingButMessages) {
    EXPECT_EQ(standard_error_of([] {
                  Progress progress(ProgressStyle::none, 10, 0, 0, 10);
                  progress.point_done(1);
                  progress.show(true);
                  progress.message("stopping");
              }),
              "stopping\n");
}

}  // namespace
}  // namespace attnpaths
