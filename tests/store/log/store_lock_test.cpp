#include "store/log/store_lock.hpp"

#include "base/error.hpp"
#include "store/sample_store.hpp"

#include <gmock/gmock.h>

#include <csignal>
#include <sys/stat.h>
#include <sys/wait.h>

namespace attnpaths {
namespace {

std::string refusal(const std::string& store) {
    try {
        const StoreLock lock(store);
    } catch (const UsageError& error) {
        return error.what();
    }
    return "";
}

/// A lock as a process that has ended left it.
LockOwner dead_owner() {
    const pid_t child = fork();
    if (child == 0) _exit(0);
    waitpid(child, nullptr, 0);
    LockOwner owner = this_process();
    owner.pid = child;
    owner.ticks = "1";
    return owner;
}

TEST(StoreLock, ExcludesASecondHolderAndIsReleased) {
    const TemporaryFolder folder;
    const std::string store = folder.file("results.h5");
    {
        const StoreLock lock(store);
        EXPECT_EQ(lock.note(), "");
        const std::string message = refusal(store);
        EXPECT_THAT(message, testing::HasSubstr("results.h5 is in use by another sweep (pid " +
                                                std::to_string(getpid())));
        EXPECT_THAT(message, testing::HasSubstr("remove results.h5.lock if that sweep is gone"));
        EXPECT_EQ(lock_owner(store)->pid, getpid());
    }
    EXPECT_FALSE(lock_owner(store));
    EXPECT_EQ(refusal(store), "");
    EXPECT_TRUE(folder.names().empty()) << "locks leave nothing behind";
}

TEST(StoreLock, TakesOverFromADeadProcess) {
    const TemporaryFolder folder;
    const std::string store = folder.file("results.h5");
    write_bytes(store + ".lock", lock_text(dead_owner()));
    const StoreLock lock(store);
    EXPECT_THAT(lock.note(), testing::HasSubstr("took over the lock of a sweep that is gone"));
    EXPECT_EQ(lock_owner(store)->pid, getpid());
    EXPECT_EQ(folder.names(), std::vector<std::string>{"results.h5.lock"});
}

TEST(StoreLock, TakesOverWhenThePidIsAnotherProcessNow) {
    const TemporaryFolder folder;
    LockOwner owner = this_process();
    owner.ticks += "1";
    write_bytes(folder.file("s.lock"), lock_text(owner));
    EXPECT_EQ(refusal(folder.file("s")), "");
}

TEST(StoreLock, TakesOverAfterAReboot) {
    const TemporaryFolder folder;
    LockOwner owner = this_process();
    owner.boot = "another boot";
    write_bytes(folder.file("s.lock"), lock_text(owner));
    EXPECT_EQ(refusal(folder.file("s")), "");
}

TEST(StoreLock, RefusesWhatItCannotSee) {
    const TemporaryFolder folder;
    LockOwner owner = dead_owner();
    owner.host = "node7";
    write_bytes(folder.file("s.lock"), lock_text(owner));
    EXPECT_THAT(refusal(folder.file("s")), testing::HasSubstr("cannot be seen from this machine"));
    owner = dead_owner();
    owner.pid_namespace = "pid:[1]";
    write_bytes(folder.file("s.lock"), lock_text(owner));
    EXPECT_THAT(refusal(folder.file("s")), testing::HasSubstr("cannot be seen from this machine"));
    write_bytes(folder.file("s.lock"), "nonsense");
    EXPECT_THAT(refusal(folder.file("s")), testing::HasSubstr("does not say who made it"));
}

TEST(StoreLock, ARestartedBatchJobTakesOverItsOwnLockFromAnyMachine) {
    const TemporaryFolder folder;
    LockOwner owner = this_process();
    owner.host = "node7";
    owner.job = "4711";
    write_bytes(folder.file("s.lock"), lock_text(owner));
    setenv("SLURM_JOB_ID", "4711", 1);
    EXPECT_NE(refusal(folder.file("s")), "") << "another step of the same run of the job";
    setenv("SLURM_RESTART_COUNT", "1", 1);
    EXPECT_EQ(refusal(folder.file("s")), "");
    unsetenv("SLURM_JOB_ID");
    unsetenv("SLURM_RESTART_COUNT");
}

TEST(StoreLock, ALockThatTheUserRemovedIsNotRemovedAgain) {
    const TemporaryFolder folder;
    LockOwner other = this_process();
    other.host = "node7";
    {
        const StoreLock lock(folder.file("s"));
        write_bytes(folder.file("s.lock"), lock_text(other));
    }
    EXPECT_EQ(lock_owner(folder.file("s"))->host, "node7");
}

TEST(StoreLock, AFolderThatIsNotThereIsNamed) {
    const TemporaryFolder folder;
    EXPECT_THROW(StoreLock{folder.file("missing/results.h5")}, CreateError);
}

/// Many processes find the same stale lock at once: exactly one may win while it lives.
TEST(StoreLock, OneOfManyTakesOverAStaleLock) {
    const TemporaryFolder folder;
    const std::string store = folder.file("s");
    const std::string stale = lock_text(dead_owner());
    constexpr int rounds = 40;
    constexpr int rivals = 8;
    for (int round = 0; round < rounds; ++round) {
        write_bytes(store + ".lock", stale);
        // A takeover that itself was cut short must not block the next one.
        if (round % 4 == 3) write_bytes(store + ".lock.takeover", stale);
        std::array<int, 2> go{};
        std::array<int, 2> won{};
        ASSERT_EQ(pipe(go.data()), 0);
        ASSERT_EQ(pipe(won.data()), 0);
        std::vector<pid_t> children;
        for (int i = 0; i < rivals; ++i) {
            const pid_t child = fork();
            if (child == 0) {
                close(go[1]);
                close(won[0]);
                char byte = 0;
                if (read(go[0], &byte, 1) != 0) _exit(1);
                bool held = false;
                try {
                    const StoreLock lock(store);
                    held = true;
                    if (write(won[1], "w", 1) != 1) _exit(1);
                    close(won[1]);
                    pause();
                } catch (const UsageError&) {
                }
                _exit(held ? 2 : 0);
            }
            children.push_back(child);
        }
        close(go[0]);
        close(won[1]);
        close(go[1]);  // all rivals start
        int losers = 0;
        while (losers < rivals - 1) {
            int status = 0;
            const pid_t ended = waitpid(-1, &status, 0);
            ASSERT_GT(ended, 0);
            ASSERT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
            std::erase(children, ended);
            ++losers;
        }
        ASSERT_EQ(children.size(), 1U);
        char byte = 0;
        EXPECT_EQ(read(won[0], &byte, 1), 1) << "nobody won";
        kill(children.front(), SIGKILL);
        waitpid(children.front(), nullptr, 0);
        EXPECT_EQ(read(won[0], &byte, 1), 0) << "two processes held the lock";
        close(won[0]);
        std::filesystem::remove(store + ".lock");
    }
}

TEST(StoreLock, WhatCannotBeALockIsRefusedAtOnce) {
    const TemporaryFolder folder;
    const std::string lock = folder.file("s.lock");
    mkfifo(lock.c_str(), 0600);
    EXPECT_THAT(refusal(folder.file("s")), testing::HasSubstr("does not say who made it"));
    std::filesystem::remove(lock);
    std::filesystem::create_symlink(folder.file("nowhere"), lock);
    EXPECT_THAT(refusal(folder.file("s")), testing::HasSubstr("does not say who made it"));
    std::filesystem::remove(lock);
    write_bytes(lock, lock_text(this_process()) + std::string(std::size_t{1} << 24U, 'x'));
    EXPECT_THAT(refusal(folder.file("s")), testing::HasSubstr("does not say who made it"));
    EXPECT_EQ(folder.names(), std::vector<std::string>{"s.lock"});
}

}  // namespace
}  // namespace attnpaths
