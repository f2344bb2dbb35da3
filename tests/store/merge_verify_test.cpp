#include "base/error.hpp"
#include "store/compare.hpp"
#include "store/file/store_writer.hpp"
#include "store/merge.hpp"
#include "store/sample_store.hpp"
#include "store/verify.hpp"

#include <gmock/gmock.h>

#include <limits>

namespace attnpaths {
namespace {

void write_store(const std::string& path, const std::vector<Record>& records, int planned,
                 bool compacted = true) {
    Store store = Store::open(path, sample_plan(planned));
    for (const Record& record : records) store.finish(record);
    store.sync();
    if (compacted) store.compact();
}

std::vector<Record> sample_records(int first, int last) {
    std::vector<Record> records;
    for (int i = first; i < last; ++i) records.push_back(sample_record(i));
    return records;
}

TEST(Verify, AHealthyStoreHasNoProblems) {
    const TemporaryFolder folder;
    write_store(folder.file("a.h5"), sample_records(0, 20), 20);
    write_store(folder.file("a.h5"), sample_records(20, 25), 25, false);
    const Verification found = verify_store(folder.file("a.h5"));
    EXPECT_EQ(found.points, 25U);
    EXPECT_THAT(found.problems, testing::IsEmpty());
    EXPECT_THAT(found.notes, testing::IsEmpty());
    EXPECT_THROW(verify_store(folder.file("none.h5")), InputError);
}

TEST(Verify, FindsAResultThatDoesNotMatchItsChecksum) {
    const TemporaryFolder folder;
    const std::string path = folder.file("a.h5");
    {
        StoreWriter writer(path, StoreWriter::Start::empty);
        Record record = stored_record(sample_record(0));
        record["theory/action"] = 0.25;
        writer.add(record);
        writer.add(stored_record(sample_record(1)));
        writer.commit({});
    }
    const Verification found = verify_store(path);
    EXPECT_EQ(found.points, 2U);
    ASSERT_EQ(found.problems.size(), 1U);
    EXPECT_THAT(found.problems[0],
                testing::HasSubstr("point width=10 examples=100 heads=2 depth=2 temperature=0.01 seed=0"));
    EXPECT_THAT(found.problems[0], testing::HasSubstr("checksum of the results"));
}

TEST(Compare, TheSameResultsInAnotherOrderAndAtAnotherTimeAgree) {
    const TemporaryFolder folder;
    std::vector<Record> records = sample_records(0, 30);
    write_store(folder.file("a.h5"), records, 30);
    std::reverse(records.begin(), records.end());
    for (Record& record : records) {
        record["point/seconds"] = 77.0;
        record["theory/mse"] = std::nan("");
    }
    write_store(folder.file("b.h5"), records, 30, false);
    EXPECT_THAT(compare_stores(read_store(folder.file("a.h5")), read_store(folder.file("b.h5"))),
                testing::IsEmpty());
}

TEST(Compare, NamesEveryDifference) {
    const TemporaryFolder folder;
    std::vector<Record> records = sample_records(0, 4);
    write_store(folder.file("a.h5"), records, 4);
    records[1]["theory/action"] = 1.1;
    std::get<ValueArray>(records[2]["theory/order_parameter"]).values[4] = 7;
    records[2].erase("theory/accuracy");
    records[3] = sample_record(9);
    records[0] = failed_record(0, "died");
    write_store(folder.file("b.h5"), records, 4);
    const std::vector<std::string> differences =
        compare_stores(read_store(folder.file("a.h5")), read_store(folder.file("b.h5")));
    using testing::HasSubstr;
    EXPECT_THAT(
        differences,
        testing::UnorderedElementsAre(
            HasSubstr("seed=0: done vs failed"),
            HasSubstr("seed=1: theory/action: 0.36787944117144233 vs 1.1"),
            HasSubstr("seed=2: theory/accuracy: a value vs none"),
            HasSubstr("seed=2: theory/order_parameter: 1 of 9 values differ, the first is number 4: "),
            testing::AllOf(HasSubstr("seed=3: only in"), HasSubstr("a.h5")),
            testing::AllOf(HasSubstr("seed=9: only in"), HasSubstr("b.h5"))));
}

/// Numbers of either size, zeros, infinities and NaN; arrays by their largest element.
TEST(Compare, WithAToleranceByValue) {
    const auto same = [](double a, double b) { return value_difference(a, b, 1e-9).empty(); };
    const double inf = std::numeric_limits<double>::infinity();
    EXPECT_TRUE(same(1000, 1000 * (1 + 0.9e-9)));
    EXPECT_FALSE(same(1000, 1000 * (1 + 1.1e-9)));
    EXPECT_TRUE(same(1e-12, -1e-12)) << "below 1 the tolerance is absolute";
    EXPECT_FALSE(same(0, 1.1e-9));
    EXPECT_TRUE(same(0.0, -0.0));
    EXPECT_TRUE(same(std::nan("1"), -std::nan("2")));
    EXPECT_FALSE(same(std::nan(""), 0));
    EXPECT_TRUE(same(inf, inf));
    EXPECT_FALSE(same(inf, -inf));
    EXPECT_FALSE(same(inf, 1e308));
    const auto arrays = [](std::vector<double> a, std::vector<double> b) {
        return value_difference(ValueArray{{a.size()}, a}, ValueArray{{b.size()}, b}, 1e-9);
    };
    EXPECT_EQ(arrays({1e6, 1}, {1e6, 1.0005}), "");
    EXPECT_EQ(arrays({1e6, 1}, {1e6, 1.002}), "1 of 2 values differ, the first is number 1: 1 vs 1.002");
    EXPECT_NE(arrays({1, 2}, {1}), "");
    EXPECT_NE(arrays({inf, 1}, {1, 1}), "");
    EXPECT_EQ(arrays({inf, std::nan("")}, {inf, std::nan("")}), "");
    EXPECT_NE(value_difference(std::int64_t{3}, std::int64_t{4}, 1e-9), "");
    EXPECT_NE(value_difference(std::string("a"), std::string("b"), 1e-9), "");
}

TEST(Compare, WithAToleranceFindsWhatIsBeyondIt) {
    const TemporaryFolder folder;
    std::vector<Record> records = sample_records(0, 4);
    write_store(folder.file("a.h5"), records, 4);
    records[1]["theory/action"] = std::get<double>(records[1]["theory/action"]) + 1e-12;
    std::get<ValueArray>(records[2]["theory/order_parameter"]).values[4] += 1e-12;
    write_store(folder.file("b.h5"), records, 4);
    const StoreView a = read_store(folder.file("a.h5"));
    const StoreView b = read_store(folder.file("b.h5"));
    EXPECT_EQ(compare_stores(a, b).size(), 2U);
    EXPECT_THAT(compare_stores(a, b, 1e-9), testing::IsEmpty());
    EXPECT_EQ(compare_stores(a, b, 1e-13).size(), 2U);
}

TEST(Numerics, StayWithTheStoreAndJoinInAMerge) {
    const TemporaryFolder folder;
    const auto write = [&](const char* name, int first, const std::vector<std::string>& numerics) {
        Store store = Store::open(folder.file(name), sample_plan(8));
        for (const std::string& one : numerics) store.note_numerics(one);
        store.finish(sample_record(first));
        store.compact();
    };
    write("a.h5", 0, {"Zen", "Haswell", "Zen"});
    write("b.h5", 1, {"Haswell", "SkylakeX"});
    write("c.h5", 2, {});
    EXPECT_EQ(read_store(folder.file("a.h5")).header().numerics, "Zen\nHaswell");
    {
        Store again = Store::open(folder.file("a.h5"), sample_plan(8));
        EXPECT_THAT(again.numerics(), testing::ElementsAre("Zen", "Haswell"));
        again.note_numerics("Nehalem");
        again.sync();
    }
    EXPECT_EQ(read_store(folder.file("a.h5")).header().numerics, "Zen\nHaswell\nNehalem") << "in the journal";
    merge_stores(folder.file("all.h5"), {folder.file("b.h5"), folder.file("c.h5"), folder.file("a.h5")},
                 false);
    EXPECT_EQ(read_store(folder.file("all.h5")).header().numerics, "Haswell\nSkylakeX\nZen\nNehalem");
}

TEST(Merge, PartsMakeTheWhole) {
    const TemporaryFolder folder;
    write_store(folder.file("whole.h5"), sample_records(0, 30), 30);
    write_store(folder.file("a.h5"), sample_records(0, 12), 30);
    write_store(folder.file("b.h5"), sample_records(10, 30), 30, false);
    const MergeResult result =
        merge_stores(folder.file("all.h5"), {folder.file("a.h5"), folder.file("b.h5")}, false);
    EXPECT_EQ(result.points, 30U);
    EXPECT_EQ(result.duplicates, 2U);
    EXPECT_EQ(result.failed, 0U);
    EXPECT_THAT(verify_store(folder.file("all.h5")).problems, testing::IsEmpty());
    const StoreView all = read_store(folder.file("all.h5"));
    EXPECT_THAT(compare_stores(all, read_store(folder.file("whole.h5"))), testing::IsEmpty());
    EXPECT_EQ(all.header().planned, 30);
    EXPECT_EQ(all.header().configuration, sample_plan(1).configuration);
}

TEST(Merge, DoneBeatsFailedInEitherOrder) {
    const TemporaryFolder folder;
    const std::string a = folder.file("a.h5");
    const std::string b = folder.file("b.h5");
    write_store(a, {failed_record(0, "no convergence"), sample_record(1)}, 2);
    write_store(b, {sample_record(0), failed_record(1, "died")}, 2);
    for (const std::vector<std::string>& inputs :
         {std::vector<std::string>{a, b}, std::vector<std::string>{b, a}}) {
        const MergeResult result = merge_stores(folder.file("all.h5"), inputs, true);
        EXPECT_EQ(result.failed, 0U);
        const StoreView all = read_store(folder.file("all.h5"));
        EXPECT_THAT(all.texts("point/status"), testing::Each("done"));
    }
}

TEST(Merge, RefusesResultsThatDisagree) {
    const TemporaryFolder folder;
    Record other = sample_record(3);
    other["theory/action"] = 1.1;
    write_store(folder.file("a.h5"), sample_records(0, 5), 5);
    write_store(folder.file("b.h5"), {other}, 5);
    try {
        merge_stores(folder.file("all.h5"), {folder.file("a.h5"), folder.file("b.h5")}, false);
        FAIL() << "stores that disagree were merged";
    } catch (const DataError& error) {
        EXPECT_THAT(error.what(), testing::HasSubstr("a.h5 and "));
        EXPECT_THAT(error.what(), testing::HasSubstr("b.h5 disagree on point width=40 examples=103"));
        EXPECT_THAT(error.what(), testing::HasSubstr("theory/action: 0.049787068367863944 vs 1.1"));
    }
    EXPECT_THAT(folder.names(),
                testing::UnorderedElementsAre("a.h5", "a.h5.journal", "b.h5", "b.h5.journal"));
}

TEST(Merge, ProtectsAnExistingOutput) {
    const TemporaryFolder folder;
    const std::string a = folder.file("a.h5");
    const std::string b = folder.file("b.h5");
    write_store(a, sample_records(0, 5), 10);
    write_store(b, sample_records(5, 10), 10, false);
    EXPECT_THROW(merge_stores(a, {b}, false), CreateError);
    {
        const Store running = Store::open(a, sample_plan(10));
        EXPECT_THROW(merge_stores(a, {a, b}, false), UsageError);
    }
    EXPECT_EQ(merge_stores(a, {a, b}, false).points, 10U) << "the output may be an input";
    EXPECT_EQ(read_store(a).points(), 10U);
    EXPECT_EQ(Store::open(a, sample_plan(10)).done(), 10);
    EXPECT_EQ(merge_stores(a, {b}, true).points, 5U);
    EXPECT_EQ(Store::open(a, sample_plan(10)).done(), 5);
    EXPECT_THROW(merge_stores(folder.file("c.h5"), {folder.file("none.h5")}, false), InputError);
}

TEST(Merge, PlansOfDifferentSweepsAddUp) {
    const TemporaryFolder folder;
    write_store(folder.file("a.h5"), sample_records(0, 3), 5);
    {
        SweepPlan plan = sample_plan(0);
        plan.keys = {sample_key(2), sample_key(20), sample_key(21)};
        plan.configuration = "[grid]\nwidth = 99\n";
        Store store = Store::open(folder.file("b.h5"), plan);
        store.finish(sample_record(2));
        store.compact();
    }
    merge_stores(folder.file("all.h5"), {folder.file("a.h5"), folder.file("b.h5")}, false);
    const StoreView all = read_store(folder.file("all.h5"));
    EXPECT_EQ(all.header().planned, 7);
    EXPECT_THAT(all.header().configuration, testing::HasSubstr("width = 10 30"));
    EXPECT_THAT(all.header().configuration, testing::HasSubstr("width = 99"));
}

}  // namespace
}  // namespace attnpaths
