// What somebody else does to the files of an open store: nothing may be reported that is not there.
#include "base/error.hpp"
#include "store/log/lock_owner.hpp"
#include "store/sample_store.hpp"
#include "store/store_view.hpp"
#include "store/verify.hpp"
#include "support/places_per_trial.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <functional>
#include <thread>
#include <unistd.h>

namespace attnpaths {
namespace {

constexpr int points = 8;

void flip(const std::string& path, std::size_t offset) {
    std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
    file.seekg(static_cast<std::streamoff>(offset));
    const int byte = file.get();
    file.seekp(static_cast<std::streamoff>(offset));
    file.put(static_cast<char>(byte ^ 1));
}

/// The message of the OutputError that a step ends with, or what happened instead.
std::string output_error_of(const std::function<void()>& step) {
    try {
        step();
    } catch (const OutputError& error) {
        return error.what();
    } catch (const std::exception& error) {
        return std::string("another error: ") + error.what();
    }
    return "no error";
}

/// A store at work: half of its points in the store file, half in the journal.
class StoreIntrusion : public testing::Test {
  protected:
    StoreIntrusion() {
        store_.emplace(Store::open(path_, sample_plan(points)));
        for (int i = 0; i < points / 2; ++i) store_->finish(sample_record(i));
        store_->sync();
        store_->compact();
        for (int i = points / 2; i < points; ++i) store_->finish(sample_record(i));
        store_->sync();
    }

    std::string compaction_error() {
        return output_error_of([&] { store_->compact(); });
    }
    /// The next run computes what is missing, and the store is whole.
    void expect_next_run_mends(int least_done) {
        store_.reset();
        std::filesystem::remove(path_ + ".lock");
        Store next = Store::open(path_, sample_plan(points));
        EXPECT_GE(next.done(), least_done);
        for (int i = 0; i < points; ++i) {
            const PointState* state = next.find(sample_key(i));
            if (state == nullptr || state->status == PointState::Status::unfinished)
                next.finish(sample_record(i));
        }
        next.sync();
        next.compact();
        EXPECT_EQ(read_store(path_).points(), std::size_t{points});
        EXPECT_THAT(verify_store(path_).problems, testing::IsEmpty());
    }

    const TemporaryFolder folder_;
    const std::string path_ = folder_.file("s.h5");
    const std::string journal_ = path_ + ".journal";
    std::optional<Store> store_;
};

TEST_F(StoreIntrusion, ADamagedByteOfTheJournalIsNotCompactedAway) {
    const std::string before = read_bytes(path_);
    flip(journal_, std::filesystem::file_size(journal_) / 2);
    EXPECT_THAT(compaction_error(), testing::HasSubstr("s.h5.journal: "));
    EXPECT_TRUE(read_bytes(path_) == before);
    expect_next_run_mends(points - 1);
}

TEST_F(StoreIntrusion, EveryByteOfTheJournalCounts) {
    const std::string before = read_bytes(path_);
    for (std::size_t offset = 0; offset < std::filesystem::file_size(journal_);
         offset += 7 * places_per_trial) {
        flip(journal_, offset);
        EXPECT_THAT(compaction_error(), testing::HasSubstr("s.h5.journal: ")) << offset;
        flip(journal_, offset);
    }
    EXPECT_TRUE(read_bytes(path_) == before);
    EXPECT_EQ(compaction_error(), "no error");
}

TEST_F(StoreIntrusion, AJournalThatIsGoneIsMissed) {
    std::filesystem::remove(journal_);
    EXPECT_THAT(output_error_of([&] { store_->sync(); }), testing::HasSubstr("s.h5.journal: "));
    EXPECT_THAT(compaction_error(), testing::HasSubstr("s.h5.journal: "));
    expect_next_run_mends(points / 2);
}

TEST_F(StoreIntrusion, AJournalThatIsAnotherFileIsNotTakenForOurs) {
    std::filesystem::copy_file(journal_, journal_ + ".copy");
    std::filesystem::rename(journal_ + ".copy", journal_);
    EXPECT_THAT(output_error_of([&] { store_->sync(); }), testing::HasSubstr("s.h5.journal: "));
    EXPECT_THAT(compaction_error(), testing::HasSubstr("s.h5.journal: "));
    expect_next_run_mends(points);
}

TEST_F(StoreIntrusion, AJournalOfAnotherLengthIsNotOurs) {
    const auto size = std::filesystem::file_size(journal_);
    std::ofstream(journal_, std::ios::app) << "x";
    EXPECT_THAT(output_error_of([&] { store_->sync(); }), testing::HasSubstr("s.h5.journal: "));
    std::filesystem::resize_file(journal_, size - 1);
    EXPECT_THAT(output_error_of([&] { store_->sync(); }), testing::HasSubstr("s.h5.journal: "));
    EXPECT_THAT(compaction_error(), testing::HasSubstr("s.h5.journal: "));
}

TEST_F(StoreIntrusion, AStoreFileThatIsGoneIsMissed) {
    std::filesystem::remove(path_);
    EXPECT_THAT(compaction_error(), testing::HasSubstr("s.h5: "));
    EXPECT_FALSE(std::filesystem::exists(path_));
    expect_next_run_mends(points / 2);
}

TEST_F(StoreIntrusion, AStoreFileThatIsAnotherOneIsNotTakenForOurs) {
    write_sample_store(folder_.file("other.h5"), 3, true);
    std::filesystem::rename(folder_.file("other.h5"), path_);
    EXPECT_THAT(compaction_error(), testing::HasSubstr("s.h5: "));
    EXPECT_EQ(read_store(path_).header().planned, points) << "the journal is as it was";
    expect_next_run_mends(points / 2);
}

/// Written over in place, by a copy of another store of the same length.
TEST_F(StoreIntrusion, AStoreFileWithOtherContentIsNotTakenForOurs) {
    {
        Store other = Store::open(folder_.file("other.h5"), sample_plan(points));
        for (int i = 0; i < points / 2; ++i) {
            Record record = sample_record(i);
            record["theory/action"] = 1.0;
            other.finish(record);
        }
        other.sync();
        other.compact();
    }
    const std::string bytes = read_bytes(folder_.file("other.h5"));
    ASSERT_EQ(bytes.size(), read_bytes(path_).size());
    write_bytes(path_, bytes);
    EXPECT_THAT(compaction_error(), testing::HasSubstr("s.h5: "));
    EXPECT_TRUE(read_bytes(path_) == bytes);
}

TEST_F(StoreIntrusion, DamageInTheStoreFileIsNotSealedAnew) {
    const std::size_t size = std::filesystem::file_size(path_);
    for (std::size_t offset = 3; offset < size; offset += size / 41) {
        flip(path_, offset);
        const std::string damaged = read_bytes(path_);
        EXPECT_THAT(compaction_error(), testing::HasSubstr("s.h5: ")) << offset;
        EXPECT_TRUE(read_bytes(path_) == damaged) << offset;
        flip(path_, offset);
    }
    EXPECT_EQ(compaction_error(), "no error");
    EXPECT_THAT(verify_store(path_).problems, testing::IsEmpty());
}

TEST_F(StoreIntrusion, ALockThatIsNotOursAnyMoreStopsTheRun) {
    const std::string lock = path_ + ".lock";
    const std::string ours = read_bytes(lock);
    const std::string before = read_bytes(journal_);
    for (const std::string text : {"", "another sweep"}) {
        std::filesystem::remove(lock);
        if (!text.empty()) write_bytes(lock, text);
        EXPECT_THAT(output_error_of([&] { store_->sync(); }), testing::HasSubstr("s.h5.lock"));
        EXPECT_THAT(compaction_error(), testing::HasSubstr("s.h5.lock"));
    }
    // A process that was stopped in between finds out before it writes into what is another's now.
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    EXPECT_THAT(output_error_of([&] { store_->start(sample_key(0)); }), testing::HasSubstr("s.h5.lock"));
    EXPECT_TRUE(read_bytes(journal_) == before);
    write_bytes(lock, ours);
    EXPECT_EQ(compaction_error(), "no error");
}

TEST_F(StoreIntrusion, AStoreWithNothingNewIsNotWritten) {
    store_->compact();
    store_.reset();
    const std::string bytes = read_bytes(path_);
    const auto time = std::filesystem::last_write_time(path_);
    {
        Store idle = Store::open(path_, sample_plan(points));
        idle.sync();
        idle.compact();
    }
    EXPECT_TRUE(read_bytes(path_) == bytes);
    EXPECT_EQ(std::filesystem::last_write_time(path_), time);
    EXPECT_EQ(read_store(path_).points(), std::size_t{points});
    // A run that wants more is something new: readers of the file alone are to know.
    Store more = Store::open(path_, sample_plan(points + 2));
    more.compact();
    EXPECT_FALSE(read_bytes(path_) == bytes);
    EXPECT_EQ(read_store(path_).header().planned, points + 2);
}

/// Another user of a shared folder may guess names of temporaries and make them links to what is not his.
TEST_F(StoreIntrusion, LinksUnderNamesThatCouldBeGuessedAreNotFollowed) {
    const std::string victim = folder_.file("victim");
    write_bytes(victim, "precious");
    const std::string host = this_process().host;
    for (const std::string& name :
         {path_ + ".tmp", journal_ + ".tmp", fmt::format("{}.lock.{}.{}", path_, host, getpid()),
          fmt::format("{}.lock.{}.{}.copy", path_, host, getpid())})
        std::filesystem::create_symlink(victim, name);
    store_->compact();
    store_.reset();
    LockOwner dead = this_process();
    dead.ticks += "1";
    write_bytes(path_ + ".lock", lock_text(dead));
    Store::open(path_, sample_plan(points)).compact();
    EXPECT_EQ(read_bytes(victim), "precious");
}

}  // namespace
}  // namespace attnpaths
