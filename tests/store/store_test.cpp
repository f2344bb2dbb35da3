#include "store/store.hpp"

#include "base/error.hpp"
#include "base/host_name.hpp"
#include "point/columns.hpp"
#include "store/sample_store.hpp"
#include "store/store_view.hpp"

#include <gmock/gmock.h>

#include <csignal>
#include <sys/wait.h>
#include <thread>

namespace attnpaths {
namespace {

using Status = PointState::Status;

/// Runs `work` in a process of its own that ends without any clean-up, as if killed.
template <class Work>
void run_and_kill(const Work& work) {
    const pid_t child = fork();
    if (child == 0) {
        work();
        kill(getpid(), SIGKILL);
    }
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

TEST(Store, RemembersFinishedPointsWithAndWithoutCompaction) {
    for (const bool compacted : {false, true}) {
        const TemporaryFolder folder;
        const std::string path = folder.file("s.h5");
        write_sample_store(path, 5, compacted, 8);
        const Store store = Store::open(path, sample_plan(8));
        EXPECT_TRUE(store.warnings().empty());
        EXPECT_EQ(store.planned(), 8);
        EXPECT_EQ(store.done(), 5);
        EXPECT_EQ(store.failed(), 0);
        ASSERT_NE(store.find(sample_key(4)), nullptr);
        EXPECT_EQ(store.find(sample_key(4))->status, Status::done);
        EXPECT_EQ(store.find(sample_key(5)), nullptr);
    }
}

TEST(Store, LeavesNothingBehindButStoreAndJournal) {
    const TemporaryFolder folder;
    write_sample_store(folder.file("s.h5"), 5, true);
    EXPECT_THAT(folder.names(), testing::UnorderedElementsAre("s.h5", "s.h5.journal"));
}

TEST(Store, RefusesASecondOpener) {
    const TemporaryFolder folder;
    const Store store = Store::open(folder.file("s.h5"), sample_plan(1));
    EXPECT_THROW(Store::open(folder.file("s.h5"), sample_plan(1)), UsageError);
}

TEST(Store, CountsAttemptsAcrossRuns) {
    const TemporaryFolder folder;
    const std::string path = folder.file("s.h5");
    for (int run = 0; run < 3; ++run) {
        Store store = Store::open(path, sample_plan(2));
        store.start(sample_key(0));
        if (run == 1) store.compact();
        store.release(sample_key(0));
        if (run == 0) store.compact();
    }
    Store store = Store::open(path, sample_plan(2));
    EXPECT_EQ(store.find(sample_key(0))->attempts, 3);
    EXPECT_EQ(store.find(sample_key(0))->lost_attempts, 0);
    EXPECT_EQ(store.find(sample_key(0))->status, Status::unfinished);
    store.start(sample_key(0));
    store.finish(sample_record(0));
    store.finish(sample_record(1));
    EXPECT_EQ(read_store(path).record(0), stored_record(sample_record(0), 4));
    EXPECT_EQ(read_store(path).record(1), stored_record(sample_record(1), 1));
}

TEST(Store, ThePointOfALoneRankThatDiedHasLostAnAttempt) {
    const TemporaryFolder folder;
    const std::string path = folder.file("s.h5");
    for (int death = 1; death <= 3; ++death) {
        run_and_kill([&] {
            Store store = Store::open(path, sample_plan(3, 1));
            store.finish(sample_record(death));
            store.start(sample_key(0));
            if (death == 2) store.compact();
        });
        const Store store = Store::open(path, sample_plan(3, 1));
        EXPECT_EQ(store.find(sample_key(0))->lost_attempts, death);
        EXPECT_EQ(store.find(sample_key(0))->attempts, death);
        EXPECT_THAT(store.find(sample_key(0))->last_loss, testing::HasSubstr("ended abruptly"));
        EXPECT_THAT(store.warnings(),
                    testing::Contains(testing::HasSubstr(fmt::format("attempt {} lost at point", death))));
        EXPECT_EQ(store.find(sample_key(1))->lost_attempts, 0);
    }
    // Opening again without a death in between adds nothing.
    EXPECT_EQ(Store::open(path, sample_plan(3, 1)).find(sample_key(0))->lost_attempts, 3);
}

TEST(Store, CountsEveryPointOnceWhenItsPlanIsExtended) {
    const TemporaryFolder folder;
    const std::string path = folder.file("s.h5");
    Store store = Store::open(path, sample_plan(3));
    store.finish(sample_record(0));
    store.finish(failed_record(1, "no"));
    store.extend({sample_key(0), sample_key(1), sample_key(2), sample_key(3), sample_key(3)}, 2, 0.5);
    EXPECT_EQ(store.planned(), 4) << "points 0 to 2 were planned before, and 3 is one point";
    store.sync();
    EXPECT_EQ(read_store(path).header().planned, 4) << "a reader sees it at once";
    store.finish(sample_record(3));
    store.extend({sample_key(3)}, 100, 100);
    store.extend({}, 0, 0);
    EXPECT_EQ(store.planned(), 4) << "more is wanted of a point that is there";
    store.extend({sample_key(4)}, 3, 0);
    EXPECT_EQ(read_store(path).header().nominal_theory, 105);
    EXPECT_EQ(read_store(path).header().nominal_sampling, 100.5);
    store.compact();
    EXPECT_EQ(read_store(path).header().planned, 5);
}

TEST(Store, OfSeveralRanksNoneIsSuspectedWithoutALoss) {
    const TemporaryFolder folder;
    const std::string path = folder.file("s.h5");
    run_and_kill([&] {
        Store store = Store::open(path, sample_plan(3, 4));
        store.start(sample_key(0));
        store.start(sample_key(1));
        store.lose_attempt(sample_key(1), "rank 2 died of signal 11");
    });
    const Store store = Store::open(path, sample_plan(3, 4));
    EXPECT_EQ(store.find(sample_key(0))->lost_attempts, 0);
    EXPECT_EQ(store.find(sample_key(1))->lost_attempts, 1);
    EXPECT_EQ(store.find(sample_key(1))->last_loss, "rank 2 died of signal 11");
    EXPECT_THAT(store.warnings(), testing::Contains(testing::HasSubstr("1 point in work")));
}

TEST(Store, LostAttemptsSurviveCompactionAndEndWithTheResult) {
    const TemporaryFolder folder;
    const std::string path = folder.file("s.h5");
    {
        Store store = Store::open(path, sample_plan(2));
        store.lose_attempt(sample_key(0), "signal 9");
        store.lose_attempt(sample_key(0), "signal 11");
        store.finish(sample_record(1));
        store.compact();
        store.compact();
    }
    Store store = Store::open(path, sample_plan(2));
    EXPECT_EQ(store.find(sample_key(0))->lost_attempts, 2);
    EXPECT_EQ(store.find(sample_key(0))->last_loss, "signal 11");
    store.finish(failed_record(0, "died three times"));
    EXPECT_EQ(store.find(sample_key(0))->lost_attempts, 0);
    EXPECT_EQ(store.find(sample_key(0))->status, Status::failed);
    EXPECT_EQ(store.failed(), 1);
}

TEST(Store, AFailedPointCanBecomeDoneButNotTheOtherWay) {
    for (const bool compacted : {false, true}) {
        const TemporaryFolder folder;
        const std::string path = folder.file("s.h5");
        {
            Store store = Store::open(path, sample_plan(1));
            store.start(sample_key(0));
            store.finish(failed_record(0, "no convergence"));
            if (compacted) store.compact();
        }
        {
            Store store = Store::open(path, sample_plan(1));
            EXPECT_EQ(store.failed(), 1);
            store.start(sample_key(0));
            EXPECT_EQ(store.find(sample_key(0))->status, Status::failed) << "until it is finished anew";
            store.finish(sample_record(0));
            store.finish(failed_record(0, "too late"));
            EXPECT_EQ(store.done(), 1);
            EXPECT_EQ(store.failed(), 0);
            if (compacted) store.compact();
        }
        const StoreView view = read_store(path);
        ASSERT_EQ(view.points(), 1U);
        EXPECT_EQ(view.record(0), stored_record(sample_record(0), 2));
    }
}

TEST(Store, PointsOfEarlierPlansStayPlanned) {
    const TemporaryFolder folder;
    const std::string path = folder.file("s.h5");
    write_sample_store(path, 3, true);
    SweepPlan other = sample_plan(0);
    other.keys = {sample_key(2), sample_key(3), sample_key(4), sample_key(4)};
    EXPECT_EQ(Store::open(path, other).planned(), 5);
    EXPECT_EQ(read_store(path).header().planned, 5)
        << "the journal's plan counts before the first compaction";
}

TEST(Store, ARecordThatDoesNotFitIsRefusedAndLeavesNoTrace) {
    const TemporaryFolder folder;
    Store store = Store::open(folder.file("s.h5"), sample_plan(1));
    Record record = sample_record(0);
    record["theory/acton"] = 1.0;
    EXPECT_THROW(store.finish(record), DataError);
    EXPECT_EQ(store.done(), 0);
    store.finish(sample_record(0));
    store.compact();
    EXPECT_EQ(read_store(folder.file("s.h5")).points(), 1U);
}

TEST(Store, StaleTemporariesAreRemoved) {
    const TemporaryFolder folder;
    const pid_t dead = fork();
    if (dead == 0) _exit(0);
    waitpid(dead, nullptr, 0);
    std::string host = host_name();
    std::replace(host.begin(), host.end(), '.', '_');
    const std::string suffix = fmt::format(".tmp.{}.{}.0123456789abcdef", host, dead);
    write_bytes(folder.file("s.h5" + suffix), "half a store");
    write_bytes(folder.file("s.h5.journal" + suffix), "half a journal");
    write_bytes(folder.file("s.h5.lock" + suffix), "half a lock");
    write_bytes(folder.file("s.h5.lock.takeover.takeover" + suffix), "half a lock that guards the guard");
    { const Store store = Store::open(folder.file("s.h5"), sample_plan(1)); }
    EXPECT_EQ(folder.names(), std::vector<std::string>{"s.h5.journal"});
}

TEST(Store, CompactsRarely) {
    const TemporaryFolder folder;
    Store store = Store::open(folder.file("s.h5"), sample_plan(1));
    store.finish(sample_record(0));
    EXPECT_FALSE(store.compact_if_due()) << "not in the first two seconds";
    std::this_thread::sleep_for(std::chrono::milliseconds(2100));
    EXPECT_TRUE(store.compact_if_due());
    EXPECT_FALSE(store.compact_if_due()) << "nothing new";
}

TEST(Store, ASymbolicLinkStaysOne) {
    const TemporaryFolder folder;
    std::filesystem::create_directory(folder.file("scratch"));
    std::filesystem::create_symlink(folder.file("scratch/s.h5"), folder.file("s.h5"));
    write_sample_store(folder.file("s.h5"), 2, true);
    write_sample_store(folder.file("scratch/s.h5"), 3, false);
    EXPECT_TRUE(std::filesystem::is_symlink(folder.file("s.h5")));
    EXPECT_EQ(read_store(folder.file("s.h5")).points(), 3U);
    EXPECT_EQ(folder.names().size(), 2U) << "journal and lock lie beside the file itself";
}

TEST(Store, AFolderInItsPlaceIsNamed) {
    const TemporaryFolder folder;
    std::filesystem::create_directory(folder.file("s.h5"));
    EXPECT_THROW(Store::open(folder.file("s.h5"), sample_plan(1)), UsageError);
    EXPECT_THROW(Store::open(folder.file("missing/s.h5"), sample_plan(1)), CreateError);
}

/// The crash between renaming the new store into place and starting the journal anew: results are in both.
TEST(Store, ResultsInStoreAndJournalCountOnce) {
    const TemporaryFolder folder;
    const std::string path = folder.file("s.h5");
    {
        Store store = Store::open(path, sample_plan(4, 1));
        store.start(sample_key(0));
        store.finish(failed_record(0, "first try"));
        store.compact();
        store.start(sample_key(0));
        store.finish(sample_record(0));
        store.finish(sample_record(1));
        store.finish(failed_record(2, "no convergence"));
        store.lose_attempt(sample_key(3), "signal 9");
        store.sync();
        const std::string journal = read_bytes(path + ".journal");
        store.compact();
        write_bytes(path + ".journal", journal);
    }
    const StoreView view = read_store(path);
    EXPECT_EQ(view.points(), 3U);
    EXPECT_EQ(view.record(0), stored_record(sample_record(0), 2));
    Store store = Store::open(path, sample_plan(4, 1));
    EXPECT_EQ(store.done(), 2);
    EXPECT_EQ(store.failed(), 1);
    EXPECT_EQ(store.find(sample_key(0))->attempts, 2);
    EXPECT_EQ(store.find(sample_key(3))->lost_attempts, 1);
    store.compact();
    const StoreView after = read_store(path);
    ASSERT_EQ(after.points(), 3U);
    EXPECT_EQ(after.record(0), stored_record(sample_record(0), 2));
    EXPECT_EQ(after.record(1), stored_record(sample_record(1)));
}

}  // namespace
}  // namespace attnpaths
