#include "store/file/store_file.hpp"

#include "base/error.hpp"
#include "point/columns.hpp"
#include "store/file/seal.hpp"
#include "store/file/store_writer.hpp"
#include "store/sample_store.hpp"

#include <gmock/gmock.h>

namespace attnpaths {
namespace {

StoreHeader sample_header() {
    StoreHeader header;
    header.planned = 7;
    header.configuration = "[grid]\nwidth = 10\n";
    header.program_version = "0.1.0";
    header.git_hash = "abc";
    header.host = "here";
    header.created = "2026-01-01T00:00:00Z";
    return header;
}

Record fitted(Record record) {
    fit_to_columns(record);
    return stored_record(std::move(record));
}

void append(const std::string& path, const std::vector<Record>& records) {
    StoreWriter writer(path, StoreWriter::Start::from_old);
    for (const Record& record : records) writer.add(fitted(record));
    writer.commit(sample_header());
}

TEST(StoreFile, GivesBackEveryRecordExactly) {
    const TemporaryFolder folder;
    const std::string path = folder.file("s.h5");
    constexpr int points = 2500;  // several batches and chunks
    std::vector<Record> records;
    for (int i = 0; i < points; ++i) records.push_back(sample_record(i));
    append(path, records);
    check_store_file(path);
    const StoreFile file(path);
    ASSERT_EQ(file.points(), records.size());
    EXPECT_EQ(file.header().planned, 7);
    EXPECT_EQ(file.header().configuration, sample_header().configuration);
    const std::vector<Record> back = file.records(0, points);
    for (int i = 0; i < points; ++i)
        ASSERT_EQ(back[static_cast<std::size_t>(i)], fitted(records[static_cast<std::size_t>(i)])) << i;
    EXPECT_EQ(file.records(1021, 5)[4], back[1025]);
    EXPECT_EQ(folder.names(), std::vector<std::string>{"s.h5"}) << "no temporary is left";
}

TEST(StoreFile, GrowsByParts) {
    const TemporaryFolder folder;
    const std::string path = folder.file("s.h5");
    for (int part = 0; part < 5; ++part) append(path, {sample_record(2 * part), sample_record(2 * part + 1)});
    const StoreFile file(path);
    ASSERT_EQ(file.points(), 10U);
    for (int i = 0; i < 10; ++i)
        EXPECT_EQ(file.records(static_cast<std::size_t>(i), 1)[0], fitted(sample_record(i)));
}

TEST(StoreFile, ColumnsThatAppearLateAreMissingBefore) {
    const TemporaryFolder folder;
    const std::string path = folder.file("s.h5");
    append(path, {sample_record(1), sample_record(2)});
    Record late = sample_record(4);
    late["theory/iterations"] = std::int64_t{12};
    late["theory/accuracy-mnist"] = 0.5;
    late["gp-good/eigenvalues"] = ValueArray{{2}, {3, 4}};
    late["point/evaluation"] = std::string("features");
    append(path, {late});
    const StoreFile file(path);
    EXPECT_EQ(file.integers("theory/iterations", 0, 3),
              (std::vector<std::int64_t>{missing_integer, missing_integer, 12}));
    EXPECT_THAT(file.reals("theory/accuracy-mnist", 0, 3),
                testing::ElementsAre(testing::IsNan(), testing::IsNan(), 0.5));
    EXPECT_EQ(file.texts("point/evaluation", 0, 3), (std::vector<std::string>{"", "", "features"}));
    EXPECT_EQ(file.arrays("gp-good/eigenvalues", 0, 3)[2], (ValueArray{{2}, {3, 4}}));
    EXPECT_EQ(file.arrays("gp-good/eigenvalues", 0, 3)[0], ValueArray());
    EXPECT_EQ(file.records(0, 3)[1], fitted(sample_record(2)));
    EXPECT_EQ(file.records(0, 3)[2], fitted(late));
    EXPECT_THAT(file.reals("theory/mse", 0, 2), testing::Each(testing::IsNan()))
        << "a column that no point has";
}

TEST(StoreFile, ARetriedPointTakesItsRow) {
    const TemporaryFolder folder;
    const std::string path = folder.file("s.h5");
    append(path, {sample_record(0), failed_record(1, "no convergence"), sample_record(2)});
    EXPECT_EQ(StoreFile(path).texts("point/message", 0, 3)[1], "no convergence");
    append(path, {sample_record(1), sample_record(3)});
    const StoreFile file(path);
    ASSERT_EQ(file.points(), 4U);
    for (int i = 0; i < 4; ++i)
        EXPECT_EQ(file.records(0, 4)[static_cast<std::size_t>(i)], fitted(sample_record(i))) << i;
    append(path, {failed_record(1, "more was wanted of it")});
    EXPECT_EQ(StoreFile(path).records(1, 1)[0], fitted(failed_record(1, "more was wanted of it")))
        << "what comes later counts: Store::finish leaves out what should not";
}

TEST(StoreFile, AFailedPointReplacedWithinOneBatchCountsOnce) {
    const TemporaryFolder folder;
    const std::string path = folder.file("s.h5");
    append(path, {failed_record(0, "first"), sample_record(0), sample_record(0), failed_record(1, "a"),
                  failed_record(1, "b")});
    const StoreFile file(path);
    ASSERT_EQ(file.points(), 2U);
    EXPECT_EQ(file.records(0, 1)[0], fitted(sample_record(0)));
    EXPECT_EQ(file.texts("point/message", 1, 1)[0], "b");
}

TEST(StoreFile, WithoutCommitTheOldFileStays) {
    const TemporaryFolder folder;
    const std::string path = folder.file("s.h5");
    append(path, {sample_record(0)});
    const std::string before = read_bytes(path);
    {
        StoreWriter writer(path, StoreWriter::Start::from_old);
        for (int i = 1; i < 3000; ++i) writer.add(fitted(sample_record(i)));
    }
    EXPECT_EQ(read_bytes(path), before);
    EXPECT_EQ(folder.names(), std::vector<std::string>{"s.h5"});
}

TEST(StoreFile, EveryColumnSaysWhatItHolds) {
    const TemporaryFolder folder;
    const std::string path = folder.file("s.h5");
    append(path, {sample_record(0)});
    h5::Handle file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose);
    for (const std::string& name : StoreFile(path).columns())
        for (const char* attribute : {"units", "description", "shape"})
            EXPECT_GT(H5Aexists_by_name(file.id(), name.c_str(), attribute, H5P_DEFAULT), 0)
                << name << " " << attribute;
}

TEST(StoreFile, AnEmptyStoreIsAStore) {
    const TemporaryFolder folder;
    append(folder.file("s.h5"), {});
    check_store_file(folder.file("s.h5"));
    EXPECT_EQ(StoreFile(folder.file("s.h5")).points(), 0U);
    EXPECT_TRUE(StoreFile(folder.file("s.h5")).records(0, 0).empty());
}

TEST(StoreFile, AConfigurationOfAnySizeIsTaken) {
    const TemporaryFolder folder;
    const std::string path = folder.file("s.h5");
    for (const std::size_t size : {std::size_t{0}, std::size_t{10}, std::size_t{200000}, std::size_t{5}}) {
        StoreWriter writer(path, StoreWriter::Start::from_old);
        StoreHeader header = sample_header();
        header.configuration.assign(size, 'c');
        writer.commit(header);
        EXPECT_EQ(StoreFile(path).header().configuration.size(), std::min<std::size_t>(size, 60000));
    }
}

/// Groups that contain themselves, by any kind of link, are refused and not followed for ever.
TEST(StoreFile, LinksAreRefused) {
    const TemporaryFolder folder;
    const auto damaged = [&](const std::string& name, const auto& change) {
        const std::string path = folder.file(name);
        append(path, {sample_record(0)});
        {
            const h5::Handle file(H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT), H5Fclose);
            change(file.id());
        }
        PosixFile file = PosixFile::open_for_writing(path);
        seal_store_file(file);
        return path;
    };
    const std::string hard = damaged("hard.h5", [](hid_t file) {
        H5Lcreate_hard(file, "/theory", file, "/theory/loop", H5P_DEFAULT, H5P_DEFAULT);
    });
    const std::string soft = damaged("soft.h5", [](hid_t file) {
        H5Lcreate_soft("/theory", file, "/theory/loop", H5P_DEFAULT, H5P_DEFAULT);
    });
    const std::string external = damaged("external.h5", [&](hid_t file) {
        H5Lcreate_external(hard.c_str(), "/theory", file, "/theory/loop", H5P_DEFAULT, H5P_DEFAULT);
    });
    const std::string deep = damaged("deep.h5", [](hid_t file) {
        // From group to group: a path from the root takes as long as it is deep.
        h5::Handle group(H5Gopen2(file, "/theory", H5P_DEFAULT), H5Gclose);
        for (int i = 0; i < 1000; ++i)
            group = h5::Handle(H5Gcreate2(group.id(), "a", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), H5Gclose);
    });
    for (const std::string& path : {hard, soft, external, deep})
        EXPECT_THROW(StoreFile{path}, DataError) << path;
}

}  // namespace
}  // namespace attnpaths
