#include "store/sample_store.hpp"
#include "store/store_view.hpp"
#include "store/verify.hpp"

#include <gmock/gmock.h>

#include <array>
#include <csignal>
#include <random>
#include <sys/wait.h>
#include <thread>

namespace attnpaths {
namespace {

/// Finishes the points that are left, in batches; tells the reader of `pipe` after each sync how many points
/// are committed.
void sweep(const std::string& path, int points, int pipe_end) {
    Store store = Store::open(path, sample_plan(points, 1));
    int batch = 0;
    for (int i = 0; i < points; ++i) {
        const PointState* state = store.find(sample_key(i));
        if (state != nullptr && state->status == PointState::Status::done) continue;
        store.start(sample_key(i));
        store.finish(sample_record(i));
        if (++batch % 5 != 0) continue;
        store.sync();
        const int committed = i + 1;
        if (write(pipe_end, &committed, sizeof committed) != sizeof committed) _exit(1);
        if (batch % 15 == 0) store.compact();
    }
    store.sync();
    store.compact();
}

/// SIGKILL at random moments of appending and compacting, and on again from what is left: every synced point
/// is there, exact to the last bit, and the end is the same as without a death.
TEST(StoreCrash, NoSyncedPointIsLostToSigkill) {
    const TemporaryFolder folder;
    const std::string path = folder.file("s.h5");
    constexpr int points = 3000;
    std::mt19937 random(7);
    int kills = 0;
    int committed = 0;
    unsigned most_microseconds = 60000;
    for (;;) {
        std::array<int, 2> ends{};
        ASSERT_EQ(pipe(ends.data()), 0);
        const pid_t child = fork();
        if (child == 0) {
            close(ends[0]);
            sweep(path, points, ends[1]);
            _exit(0);
        }
        close(ends[1]);
        std::this_thread::sleep_for(std::chrono::microseconds(random() % most_microseconds));
        kill(child, SIGKILL);
        int status = 0;
        waitpid(child, &status, 0);
        const int before = committed;
        for (int number = 0; read(ends[0], &number, sizeof number) == sizeof number;) committed = number;
        close(ends[0]);
        if (WIFEXITED(status)) {
            ASSERT_EQ(WEXITSTATUS(status), 0);
            break;
        }
        ++kills;
        // A slow machine (or a sanitizer) needs longer lives to get anywhere.
        if (committed == before) most_microseconds += most_microseconds / 8;
        if (committed == 0) continue;
        const StoreView view = read_store(path);
        ASSERT_GE(view.points(), static_cast<std::size_t>(committed)) << "after " << kills << " kills";
        for (std::size_t i = 0; i < view.points(); ++i) {
            Record record = view.record(i);
            Record expected = stored_record(sample_record(static_cast<int>(i)));
            record.erase("point/attempts");  // unsynced starts are counted anew
            expected.erase("point/attempts");
            ASSERT_EQ(record, expected) << "point " << i << " after " << kills << " kills";
        }
        ASSERT_LT(kills, 1000) << "no progress";
    }
    EXPECT_GT(kills, 10);
    const Verification found = verify_store(path);
    EXPECT_EQ(found.points, static_cast<std::size_t>(points));
    EXPECT_THAT(found.problems, testing::IsEmpty());
    EXPECT_THAT(folder.names(), testing::UnorderedElementsAre("s.h5", "s.h5.journal"));
    std::printf("%d kills, %d points\n", kills, points);
}

}  // namespace
}  // namespace attnpaths
