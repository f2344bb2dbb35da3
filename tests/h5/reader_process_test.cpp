#include "h5/reader_process.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <functional>
#include <sys/wait.h>

namespace attnpaths::h5 {
namespace {

using testing::HasSubstr;

TEST(ReaderProcess, DeathAndBusynessOfTheChildAreToldByTheParent) {
    const auto cause = [](const std::function<void()>& fault) {
        ReaderProcess process("f", [&](const Channel&) { fault(); });
        char byte = 0;
        EXPECT_FALSE(process.channel().receive(&byte, 1));
        return process.cause_of_death();
    };
    EXPECT_THAT(cause([] { raise(SIGSEGV); }), HasSubstr("crash (Segmentation fault)"));
    EXPECT_THAT(cause([] { raise(SIGABRT); }), HasSubstr("crash (Aborted)"));
    EXPECT_THAT(cause([] { raise(SIGXCPU); }), HasSubstr("busy without end"));
    EXPECT_THAT(cause([] { raise(SIGKILL); }), HasSubstr("was killed"));
    EXPECT_THAT(cause([] {}), HasSubstr("has ended"));
    // No child is left.
    EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1);
}

TEST(ReaderProcess, StepsHaveLimits) {
    // As a parent has them in a job: a handler of its own, and signals that the child leaves to it.
    ReaderProcess process("f", [&](const Channel& channel) {
        limit_next_step(0);
        raise(SIGTERM);
        const bool refused = std::malloc(std::size_t{3} << 30U) == nullptr;
        limit_next_step(std::uint64_t{1} << 30U);
        void* larger = std::malloc(std::size_t{3} << 30U);
        const char answer = static_cast<char>((refused ? 1 : 0) + (larger != nullptr ? 2 : 0));
        static_cast<void>(channel.send(&answer, 1));
    });
    char answer = 0;
    ASSERT_TRUE(process.channel().receive(&answer, 1));
    EXPECT_EQ(answer, 3);
}

}  // namespace
}  // namespace attnpaths::h5
