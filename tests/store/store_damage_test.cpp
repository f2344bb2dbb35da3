#include "base/error.hpp"
#include "h5/handle.hpp"
#include "store/file/seal.hpp"
#include "store/merge.hpp"
#include "store/sample_store.hpp"
#include "store/store_view.hpp"
#include "store/verify.hpp"
#include "support/places_per_trial.hpp"

#include <gmock/gmock.h>

#include <random>

namespace attnpaths {
namespace {

std::string damage_message(const std::string& path) {
    try {
        check_store_file(path);
    } catch (const DataError& error) {
        return error.what();
    }
    return "";
}

TEST(StoreDamage, AHundredOverwrittenBytesAnywhereAreFound) {
    const TemporaryFolder folder;
    const std::string path = folder.file("s.h5");
    write_sample_store(path, 50, true);
    const std::string bytes = read_bytes(path);
    std::mt19937 random(3);
    for (int trial = 0; trial < 300; ++trial) {
        std::string damaged = bytes;
        // Every third time in the first kilobyte, where seal and superblock are.
        const std::size_t offset = random() % (trial % 3 == 0 ? 1024 : bytes.size() - 100);
        for (std::size_t i = 0; i < 100; ++i) damaged[offset + i] = static_cast<char>(random());
        write_bytes(path, damaged);
        EXPECT_THAT(damage_message(path), testing::StartsWith(path + ": ")) << offset;
        EXPECT_THROW(Store::open(path, sample_plan(50)), DataError) << offset;
        EXPECT_THROW(read_store(path), DataError) << offset;
        EXPECT_FALSE(verify_store(path).problems.empty()) << offset;
    }
    write_bytes(path, bytes);
    EXPECT_EQ(damage_message(path), "");
}

TEST(StoreDamage, EveryByteOfTheSealCounts) {
    const TemporaryFolder folder;
    const std::string path = folder.file("s.h5");
    write_sample_store(path, 1, true);
    const std::string bytes = read_bytes(path);
    for (std::size_t i = 0; i < seal_bytes + 8; ++i) {
        std::string damaged = bytes;
        damaged[i] = static_cast<char>(damaged[i] ^ 1);
        write_bytes(path, damaged);
        EXPECT_NE(damage_message(path), "") << i;
    }
}

TEST(StoreDamage, ATruncatedStoreIsFoundAtAnyLength) {
    const TemporaryFolder folder;
    const std::string path = folder.file("s.h5");
    write_sample_store(path, 10, true);
    const std::string bytes = read_bytes(path);
    for (std::size_t length = 0; length < bytes.size(); length += 997) {
        write_bytes(path, bytes.substr(0, length));
        EXPECT_NE(damage_message(path), "") << length;
        EXPECT_THROW(read_store(path), DataError) << length;
    }
    write_bytes(path, bytes + "x");
    EXPECT_THAT(damage_message(path), testing::HasSubstr("changed by another program"));
}

TEST(StoreDamage, AnotherVersionIsNamed) {
    const TemporaryFolder folder;
    const std::string path = folder.file("s.h5");
    write_sample_store(path, 1, true);
    std::string bytes = read_bytes(path);
    bytes[bytes.find("store 2") + 6] = '1';
    write_bytes(path, bytes);
    EXPECT_THAT(damage_message(path),
                testing::HasSubstr("store of version 1, but this program reads version 2"));
    EXPECT_THROW(read_store(path), DataError);
}

/// Keys of version 1 mix what determines a result with what is merely kept.
TEST(StoreDamage, MergeRefusesStoresAndJournalsOfVersion1WithTheReason) {
    for (const bool compacted : {true, false}) {
        const TemporaryFolder folder;
        const std::string path = folder.file("s.h5");
        write_sample_store(path, 1, compacted);
        const std::string old = compacted ? path : path + ".journal";
        std::string bytes = read_bytes(old);
        const std::string version = compacted ? "attnpaths-store 2" : std::string("attnpaths-journal\n\2");
        ASSERT_EQ(bytes.find(version), 0U);
        bytes[version.size() - 1] = compacted ? '1' : '\1';
        write_bytes(old, bytes);
        const std::string merged = folder.file("merged.h5");
        EXPECT_THAT([&] { merge_stores(merged, {path}, false); },
                    testing::ThrowsMessage<DataError>(testing::AllOf(
                        testing::HasSubstr(old + (compacted ? ": is a store" : ": is a journal") +
                                           " of version 1, but this program reads version 2"),
                        testing::HasSubstr("nothing of it can be carried over"))));
        EXPECT_FALSE(std::filesystem::exists(merged));
        EXPECT_EQ(read_bytes(old), bytes);
    }
}

TEST(StoreDamage, AnotherHdf5FileIsNoStore) {
    const TemporaryFolder folder;
    const std::string path = folder.file("other.h5");
    h5::Handle(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT), H5Fclose).reset();
    EXPECT_THAT(damage_message(path), testing::HasSubstr("is not an attnpaths store"));
    EXPECT_THROW(Store::open(path, sample_plan(1)), DataError);
}

/// Damage inside a journal costs the entries that it hits; all others are kept, nothing wrong is read, and
/// the sweep goes on.
TEST(StoreDamage, AHundredOverwrittenBytesOfAJournalCostTheEntriesThere) {
    const TemporaryFolder folder;
    const std::string path = folder.file("s.h5");
    constexpr int points = 50;
    write_sample_store(path, points, false);
    const std::string bytes = read_bytes(path + ".journal");
    std::mt19937 random(5);
    constexpr std::size_t header = 22;
    for (int trial = 0; trial < 100; trial += places_per_trial) {
        std::string damaged = bytes;
        const std::size_t offset = header + random() % (bytes.size() - 100 - header);
        for (std::size_t i = 0; i < 100; ++i) damaged[offset + i] = static_cast<char>(random());
        write_bytes(path + ".journal", damaged);
        EXPECT_FALSE(verify_store(path).problems.empty() && verify_store(path).notes.empty());
        {
            const Store store = Store::open(path, sample_plan(points));
            EXPECT_FALSE(store.warnings().empty()) << offset;
            EXPECT_GE(store.done(), points - 2) << offset;
        }
        const StoreView view = read_store(path);
        for (std::size_t i = 0; i < view.points(); ++i) {
            const Record record = view.record(i);
            EXPECT_EQ(record, stored_record(sample_record(
                                  static_cast<int>(std::get<std::int64_t>(record.at("point/seed"))))));
        }
        EXPECT_TRUE(verify_store(path).problems.empty()) << "the damage is gone after opening";
        std::filesystem::remove(path);
    }
}

TEST(StoreDamage, AJournalCutAtEveryByteLosesOnlyTheLastEntry) {
    const TemporaryFolder folder;
    const std::string path = folder.file("s.h5");
    write_sample_store(path, 4, false);
    const std::string bytes = read_bytes(path + ".journal");
    std::int64_t most = 0;
    for (std::size_t length = bytes.size() % places_per_trial; length <= bytes.size();
         length += places_per_trial) {
        write_bytes(path + ".journal", bytes.substr(0, length));
        const Store store = Store::open(path, sample_plan(4));
        EXPECT_GE(store.done(), most) << length;
        most = std::max(most, store.done());
    }
    EXPECT_EQ(most, 4);
}

}  // namespace
}  // namespace attnpaths
