#include "farm/attended_work.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

namespace attnpaths {
namespace {

using namespace std::chrono_literals;

bool never() {
    return false;
}

TEST(AttendedWork, ReturnsWhatTheWorkReturns) {
    AttendedWork thread;
    for (int i = 0; i < 1000; ++i) EXPECT_EQ(thread.result_of([i] { return i; }, never), i);
    EXPECT_EQ(*thread.result_of([] { return std::make_unique<std::string>("moved"); }, never).value(),
              "moved");
}

TEST(AttendedWork, ThrowsWhatTheWorkThrowsAndGoesOn) {
    AttendedWork thread;
    EXPECT_THROW(thread.result_of([]() -> int { throw std::out_of_range("here"); }, never),
                 std::out_of_range);
    EXPECT_EQ(thread.result_of([] { return 1; }, never), 1);
}

TEST(AttendedWork, RunsInAThreadOfItsOwnAndDestroysTheWorkThere) {
    AttendedWork thread;
    const auto kept = std::make_shared<int>(1);
    const auto there = thread.result_of([kept] { return std::this_thread::get_id(); }, never);
    EXPECT_NE(there, std::this_thread::get_id());
    EXPECT_EQ(kept.use_count(), 1) << "the work is gone when its result is here";
}

TEST(AttendedWork, IsAttendedToWhileItGoesOn) {
    AttendedWork thread;
    const auto looks = std::make_shared<std::atomic<int>>(0);
    const auto wait = [looks] {
        while (*looks < 3) std::this_thread::sleep_for(1ms);
        return true;
    };
    EXPECT_TRUE(thread.result_of(wait, [looks] {
        ++*looks;
        return false;
    }));
}

TEST(AttendedWork, TakesTurns) {
    AttendedWork thread;
    int shared = 0;  // neither thread guards it
    const auto add = thread.in_turn([&shared](int number) { return shared += number; });
    const auto work = [add] {
        for (int i = 0; i < 100; ++i) {
            add(1);
            std::this_thread::sleep_for(1ms);
        }
        return add(0);
    };
    int looks = 0;
    const int sum = thread
                        .result_of(work,
                                   [&] {
                                       shared += 1000;
                                       ++looks;
                                       return false;
                                   })
                        .value();
    EXPECT_EQ(sum, 100 + 1000 * looks);
    EXPECT_GT(looks, 0);
}

/// What is left behind stays until the end of the process, so each case has one of its own.
void expect_in_a_process(const std::function<bool()>& is_right) {
    EXPECT_EXIT(std::_Exit(is_right() ? 0 : 1), testing::ExitedWithCode(0), "");
}

TEST(AttendedWork, CanBeLeftBehind) {
    expect_in_a_process([] {
        const auto begin = std::chrono::steady_clock::now();
        bool has_result = true;
        {
            AttendedWork thread;
            const auto endless = [] {
                for (volatile bool goes_on = true; goes_on;) {
                }
                return true;
            };
            if (AttendedWork::any_left_behind()) return false;
            has_result = thread.result_of(endless, [] { return true; }).has_value();
        }
        return !has_result && AttendedWork::any_left_behind() &&
               std::chrono::steady_clock::now() - begin < 10s;
    });
}

TEST(AttendedWork, GetsNoTurnAnyMoreOnceItIsLeftBehind) {
    expect_in_a_process([] {
        const auto calls = std::make_shared<std::atomic<int>>(0);
        const auto is_let_go = std::make_shared<std::atomic<bool>>(false);
        const auto came_back = std::make_shared<std::atomic<bool>>(false);
        AttendedWork thread;
        const auto call = thread.in_turn([calls] { ++*calls; });
        const auto work = [=] {
            call();
            while (!*is_let_go) std::this_thread::sleep_for(1ms);
            call();
            *came_back = true;
            return true;
        };
        if (thread.result_of(work, [&] { return *calls == 1; })) return false;
        *is_let_go = true;
        std::this_thread::sleep_for(100ms);
        return *calls == 1 && !*came_back;
    });
}

TEST(AttendedWork, IsLeftBehindByAnExceptionOfTheAttendingThread) {
    expect_in_a_process([] {
        AttendedWork thread;
        const auto work = [] {
            std::this_thread::sleep_for(1h);
            return true;
        };
        try {
            static_cast<void>(thread.result_of(work, []() -> bool { throw std::runtime_error("here"); }));
        } catch (const std::runtime_error&) {
            return AttendedWork::any_left_behind();
        }
        return false;
    });
}

}  // namespace
}  // namespace attnpaths
