#include "store/store_view.hpp"

#include "base/error.hpp"
#include "point/columns.hpp"
#include "store/merge.hpp"
#include "store/sample_store.hpp"

#include <gmock/gmock.h>

#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

namespace attnpaths {
namespace {

/// Points 0..9: some in the file, some in the journal, one failed in the file and done in the journal.
void write_mixed_store(const std::string& path) {
    Store store = Store::open(path, sample_plan(12));
    for (int i = 0; i < 6; ++i) store.finish(i == 2 ? failed_record(2, "no convergence") : sample_record(i));
    store.compact();
    for (int i = 6; i < 10; ++i) store.finish(sample_record(i));
    store.finish(sample_record(2));
    store.start(sample_key(10));
    store.sync();
}

TEST(StoreView, JoinsFileAndJournal) {
    const TemporaryFolder folder;
    const std::string path = folder.file("s.h5");
    write_mixed_store(path);
    const StoreView view = read_store(path);
    ASSERT_EQ(view.points(), 10U);
    EXPECT_EQ(view.header().planned, 12);
    EXPECT_EQ(view.in_flight(), std::vector<std::string>{sample_key(10)});
    const std::vector<double> widths = view.reals("point/width");
    const std::vector<double> hessians = view.reals("theory/hessian_min");
    const std::vector<std::int64_t> seeds = view.integers("point/seed");
    const std::vector<std::string> keys = view.texts("point/key");
    const std::vector<ValueArray> matrices = view.arrays("theory/order_parameter");
    for (std::size_t i = 0; i < view.points(); ++i) {
        const int point = static_cast<int>(i);
        const Record expected = stored_record(sample_record(point));
        EXPECT_EQ(view.record(i), expected) << i;
        EXPECT_EQ(widths[i], 10.0 * (point + 1));
        EXPECT_EQ(std::isnan(hessians[i]), point % 3 != 0);
        EXPECT_EQ(seeds[i], point);
        EXPECT_EQ(keys[i], sample_key(point));
        EXPECT_EQ(matrices[i], std::get<ValueArray>(expected.at("theory/order_parameter")));
    }
    EXPECT_THAT(view.columns(), testing::Contains("theory/action"));
    EXPECT_EQ(view.type("theory/order_parameter"), ColumnType::array);
    EXPECT_THROW((void)view.reals("point/seed"), DataError);
    EXPECT_THROW((void)view.record(10), DataError);
}

TEST(StoreView, ReadsAStoreThatHasOnlyItsJournal) {
    const TemporaryFolder folder;
    write_sample_store(folder.file("s.h5"), 3, false);
    const StoreView view = read_store(folder.file("s.h5"));
    ASSERT_EQ(view.points(), 3U);
    EXPECT_EQ(view.record(2), stored_record(sample_record(2)));
    EXPECT_EQ(view.arrays("point/widths")[1].values[0], 20);
}

TEST(StoreView, ReadsAStoreThatHasNoJournal) {
    const TemporaryFolder folder;
    write_sample_store(folder.file("s.h5"), 3, true);
    std::filesystem::remove(folder.file("s.h5.journal"));
    EXPECT_EQ(read_store(folder.file("s.h5")).record(2), stored_record(sample_record(2)));
    EXPECT_EQ(read_store(folder.file("s.h5")).header().configuration, sample_plan(1).configuration);
}

TEST(StoreView, SaysWhatIsMissing) {
    const TemporaryFolder folder;
    EXPECT_THROW(read_store(folder.file("none.h5")), InputError);
    write_bytes(folder.file("foreign.h5"), "not a store, not even HDF5");
    EXPECT_THROW(read_store(folder.file("foreign.h5")), DataError);
}

TEST(StoreView, ManyPointsInAnyOrder) {
    const TemporaryFolder folder;
    write_sample_store(folder.file("s.h5"), 3000, true);
    const StoreView view = read_store(folder.file("s.h5"));
    for (const std::size_t i : {std::size_t{2999}, std::size_t{0}, std::size_t{1024}, std::size_t{1023}})
        EXPECT_EQ(view.record(i), stored_record(sample_record(static_cast<int>(i))));
}

/// Readers look again and again while a writer finishes points and compacts: they must never see fewer points
/// than before, nor an error, nor a wrong value.
TEST(StoreView, ReadersNeverLoseAPointWhileAWriterCompacts) {
    const TemporaryFolder folder;
    const std::string path = folder.file("s.h5");
    constexpr int points = 4000;
    {
        Store store = Store::open(path, sample_plan(points));
        store.finish(sample_record(0));
    }
    // The writer waits for a look now and then: neither is through before the other has begun.
    constexpr int points_per_look = 200;
    int turn[2];
    ASSERT_EQ(pipe(turn), 0);
    const pid_t writer = fork();
    if (writer == 0) {
        close(turn[1]);
        Store store = Store::open(path, sample_plan(points));
        for (int i = 1; i < points; ++i) {
            store.finish(sample_record(i));
            if (i % 20 == 0) store.sync();
            if (i % 50 == 0) store.compact();
            char looked = 0;
            if (i % points_per_look == 0 && read(turn[0], &looked, 1) != 1) _exit(1);
        }
        _exit(0);
    }
    close(turn[0]);
    std::signal(SIGPIPE, SIG_IGN);
    std::size_t seen = 0;
    int looks = 0;
    int status = 0;
    bool running = true;
    while (running) {
        running = waitpid(writer, &status, WNOHANG) == 0;
        if (running) static_cast<void>(write(turn[1], "", 1));
        const StoreView view = read_store(path);
        ASSERT_GE(view.points(), seen);
        seen = view.points();
        const std::size_t last = seen - 1;
        ASSERT_EQ(view.record(last), stored_record(sample_record(static_cast<int>(last))));
        const std::vector<std::int64_t> seeds = view.integers("point/seed");
        for (std::size_t i = 0; i < seen; ++i) ASSERT_EQ(seeds[i], static_cast<std::int64_t>(i));
        ++looks;
    }
    close(turn[1]);
    EXPECT_EQ(status, 0);
    EXPECT_EQ(seen, static_cast<std::size_t>(points));
    EXPECT_GE(looks, points / points_per_look);
}

TEST(StoreView, SaysWhatItCouldNotRead) {
    const TemporaryFolder folder;
    const std::string path = folder.file("s.h5");
    write_sample_store(path, 4, false);
    const std::string bytes = read_bytes(path + ".journal");
    constexpr std::size_t header = 22;
    for (std::size_t offset = header; offset < bytes.size(); offset += 11) {
        std::string damaged = bytes;
        damaged[offset] = static_cast<char>(damaged[offset] ^ 4);
        write_bytes(path + ".journal", damaged);
        EXPECT_THAT(read_store(path).damage(), testing::ElementsAre(testing::HasSubstr("s.h5.journal: ")));
        EXPECT_THROW(read_whole_store(path), DataError);
        EXPECT_THROW(merge_stores(folder.file("out.h5"), {path}, false), DataError);
        EXPECT_FALSE(std::filesystem::exists(folder.file("out.h5")));
    }
    // What a crash leaves is worth a word and no more.
    write_bytes(path + ".journal", bytes + bytes.substr(header, 9));
    EXPECT_THAT(read_whole_store(path).notes(), testing::ElementsAre(testing::HasSubstr("s.h5.journal: ")));
    EXPECT_EQ(merge_stores(folder.file("out.h5"), {path}, false).notes.size(), 1U);
}

}  // namespace
}  // namespace attnpaths
