#include "sweep/process.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

namespace attnpaths {
namespace {

TEST(IsAlive, IsTrueForThisProcessAndAWaitingChild) {
    EXPECT_TRUE(is_alive(getpid()));
    const pid_t child = fork();
    if (child == 0) {
        pause();
        _exit(0);
    }
    EXPECT_TRUE(is_alive(child));
    kill(child, SIGKILL);
    siginfo_t info;
    waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT);
    EXPECT_FALSE(is_alive(child)) << "a zombie has ended";
    waitpid(child, nullptr, 0);
    EXPECT_FALSE(is_alive(child));
}

}  // namespace
}  // namespace attnpaths
