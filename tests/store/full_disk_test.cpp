#include "base/error.hpp"
#include "store/sample_store.hpp"
#include "store/store_view.hpp"
#include "store/verify.hpp"

#include <gmock/gmock.h>

#include <cerrno>
#include <cstring>
#include <functional>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>

namespace attnpaths {
namespace {

constexpr int skipped = 77;

/// Runs `work` in a process of its own, with a file system of `kilobytes` mounted at `mount_point` that only
/// it sees. The process ends through exit(), so that HDF5 closes down as it does at the end of a program.
/// @returns its exit status: 0 if no expectation failed
int with_small_disk(const std::string& mount_point, int kilobytes, const std::function<void()>& work) {
    const pid_t child = fork();
    if (child == 0) {
        // Root may mount in a name space of its own; others may where they are allowed a user name space.
        const bool apart = unshare(CLONE_NEWNS) == 0 || unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0;
        const std::string size = fmt::format("size={}k", kilobytes);
        if (!apart || mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
            mount("none", mount_point.c_str(), "tmpfs", 0, size.c_str()) != 0) {
            std::printf("no file system can be mounted here: %s\n", std::strerror(errno));
            std::exit(skipped);
        }
        try {
            work();
        } catch (const std::exception& error) {
            std::printf("unexpected: %s\n", error.what());
            std::exit(2);
        }
        std::exit(testing::Test::HasFailure() ? 1 : 0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

/// Fills the disk up to `left` free bytes.
void fill(const std::string& file, std::uint64_t left) {
    const std::uint64_t free = std::filesystem::space(std::filesystem::path(file).parent_path()).available;
    if (free > left) write_bytes(file, std::string(free - left, 'x'));
}

class FullDisk : public testing::Test {
  protected:
    void run(int kilobytes, const std::function<void()>& work) {
        const int status = with_small_disk(folder_.file(""), kilobytes, work);
        if (status == skipped) GTEST_SKIP() << "mounting a small file system is not permitted here";
        EXPECT_EQ(status, 0);
    }
    TemporaryFolder folder_;
};

TEST_F(FullDisk, TheJournalKeepsWhatItHadAndGoesOnWhenThereIsSpace) {
    const std::string path = folder_.file("s.h5");
    run(1024, [&] {
        Store store = Store::open(path, sample_plan(100000));
        int finished = 0;
        std::string message;
        try {
            for (;; ++finished) store.finish(sample_record(finished));
        } catch (const OutputError& error) {
            message = error.what();
        }
        EXPECT_THAT(message, testing::HasSubstr("s.h5.journal: writing failed: No space left on device"));
        EXPECT_EQ(store.done(), finished);
        const StoreView view = read_store(path);
        EXPECT_EQ(view.points(), static_cast<std::size_t>(finished));
        EXPECT_THAT(view.damage(), testing::IsEmpty());
        EXPECT_THAT(view.notes(), testing::IsEmpty()) << "no torn entry is left";
        EXPECT_EQ(mount("none", folder_.file("").c_str(), nullptr, MS_REMOUNT, "size=8m"), 0);
        store.finish(sample_record(finished));
        store.sync();
        store.compact();
        EXPECT_EQ(read_store(path).points(), static_cast<std::size_t>(finished) + 1);
        EXPECT_THAT(verify_store(path).problems, testing::IsEmpty());
    });
}

/// However much space is left, compaction either works or leaves store and journal as they were; and the
/// program ends in order.
TEST_F(FullDisk, AFailedCompactionChangesNothing) {
    const std::string path = folder_.file("s.h5");
    for (std::uint64_t left = 0; left < 1600000; left += 25000) {
        run(16384, [&] {
            Store store = Store::open(path, sample_plan(2000));
            for (int i = 0; i < 1000; ++i) store.finish(sample_record(i));
            store.compact();
            for (int i = 1000; i < 2000; ++i) store.finish(sample_record(i));
            store.sync();
            const std::string file = read_bytes(path);
            const std::string journal = read_bytes(path + ".journal");
            fill(folder_.file("ballast"), left);
            try {
                store.compact();
                EXPECT_GT(left, 0U);
            } catch (const Error& error) {
                EXPECT_EQ(error.code(), ExitCode::output_error) << error.what();
                EXPECT_THAT(error.what(), testing::HasSubstr(path));
                EXPECT_FALSE(std::filesystem::exists(path + ".tmp"));
                EXPECT_EQ(read_bytes(path + ".journal"), journal);
                // Of the two steps the first may have worked: then the store has all that the journal has.
                const bool renamed = std::string(error.what()).starts_with(path + ".journal");
                EXPECT_TRUE(renamed || read_bytes(path) == file);
                EXPECT_THAT(error.what(), testing::EndsWith("writing failed: No space left on device"));
            }
            std::filesystem::remove(folder_.file("ballast"));
            EXPECT_EQ(read_store(path).points(), 2000U);
            store.compact();
            EXPECT_EQ(read_store(path).points(), 2000U);
            EXPECT_THAT(verify_store(path).problems, testing::IsEmpty());
        });
        if (testing::Test::IsSkipped() || testing::Test::HasFailure()) break;
    }
}

}  // namespace
}  // namespace attnpaths
