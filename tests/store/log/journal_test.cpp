#include "store/log/journal.hpp"

#include "base/error.hpp"
#include "store/sample_store.hpp"

#include <gmock/gmock.h>

namespace attnpaths {
namespace {

std::vector<JournalEntry> sample_entries() {
    return {PlanEntry{"{}"},
            StartedEntry{"a"},
            RecordEntry{encode_record(sample_record(0))},
            LostAttemptEntry{"b", "signal 11"},
            ReleasedEntry{"c"},
            CarriedEntry{"d", 3, 2, true, true, "signal 9"},
            ReopenedEntry{"e", true},
            ReopenedEntry{"f", false}};
}

void write_entries(const std::string& path) {
    JournalWriter writer = JournalWriter::create(path);
    for (const JournalEntry& entry : sample_entries()) writer.append(entry);
    writer.sync();
}

/// Key or text of an entry: enough to tell the sample entries apart.
std::string name_of(const JournalEntry& entry) {
    if (const auto* record = std::get_if<RecordEntry>(&entry)) return record->bytes;
    if (const auto* started = std::get_if<StartedEntry>(&entry)) return started->key;
    if (const auto* lost = std::get_if<LostAttemptEntry>(&entry)) return lost->key + lost->message;
    if (const auto* released = std::get_if<ReleasedEntry>(&entry)) return released->key;
    if (const auto* plan = std::get_if<PlanEntry>(&entry)) return plan->json;
    if (const auto* reopened = std::get_if<ReopenedEntry>(&entry))
        return fmt::format("{} {}", reopened->key, reopened->reopened);
    const auto& carried = std::get<CarriedEntry>(entry);
    return fmt::format("{} {} {} {} {} {}", carried.key, carried.attempts, carried.lost_attempts,
                       carried.in_flight, carried.reopened, carried.last_loss);
}

std::vector<std::string> read_names(JournalReader& reader) {
    std::vector<std::string> names;
    JournalEntry entry;
    while (reader.next(entry)) names.push_back(name_of(entry));
    return names;
}

std::vector<std::string> sample_names() {
    std::vector<std::string> names;
    for (const JournalEntry& entry : sample_entries()) names.push_back(name_of(entry));
    return names;
}

TEST(Journal, GivesBackWhatWasAppended) {
    const TemporaryFolder folder;
    write_entries(folder.file("j"));
    JournalReader reader(folder.file("j"));
    EXPECT_EQ(read_names(reader), sample_names());
    EXPECT_EQ(reader.torn_bytes(), 0U);
    EXPECT_EQ(reader.damaged_bytes(), 0U);
}

TEST(Journal, CutAtEveryByteKeepsEveryWholeEntryAndCanGoOn) {
    const TemporaryFolder folder;
    const std::string path = folder.file("j");
    write_entries(path);
    const std::string bytes = read_bytes(path);
    const std::vector<std::string> all = sample_names();
    std::size_t most = 0;
    for (std::size_t length = 0; length <= bytes.size(); ++length) {
        write_bytes(path, bytes.substr(0, length));
        JournalReader reader(path);
        std::vector<std::string> names = read_names(reader);
        ASSERT_LE(names.size(), all.size());
        EXPECT_TRUE(std::equal(names.begin(), names.end(), all.begin())) << length;
        EXPECT_GE(names.size(), most) << "an entry was lost that a shorter journal had";
        most = names.size();
        EXPECT_EQ(reader.valid_bytes() + reader.torn_bytes(), length);
        EXPECT_EQ(reader.damaged_bytes(), 0U);

        JournalWriter::append_to(path, reader.valid_bytes()).append(ReleasedEntry{"after"});
        JournalReader again(path);
        names.emplace_back("after");
        EXPECT_EQ(read_names(again), names) << length;
        EXPECT_EQ(again.torn_bytes(), 0U);
    }
    EXPECT_EQ(most, all.size());
}

TEST(Journal, ADamagedByteCostsOneEntryAtMost) {
    const TemporaryFolder folder;
    const std::string path = folder.file("j");
    write_entries(path);
    const std::string bytes = read_bytes(path);
    const std::vector<std::string> all = sample_names();
    constexpr std::size_t header = 22;
    for (std::size_t i = header; i < bytes.size(); ++i) {
        std::string damaged = bytes;
        damaged[i] = static_cast<char>(damaged[i] ^ 0x55);
        write_bytes(path, damaged);
        JournalReader reader(path);
        const std::vector<std::string> names = read_names(reader);
        EXPECT_EQ(names.size(), all.size() - 1) << i;
        EXPECT_GT(reader.damaged_bytes() + reader.torn_bytes(), 0U) << i;
        for (const std::string& name : names) EXPECT_THAT(all, testing::Contains(name));
    }
}

TEST(Journal, RefusesForeignFilesAndOtherVersions) {
    const TemporaryFolder folder;
    const std::string path = folder.file("j");
    write_bytes(path, "this is no journal at all, but long enough to be one");
    EXPECT_THROW(JournalReader{path}, DataError);
    write_entries(path);
    std::string bytes = read_bytes(path);
    bytes[18] = 1;
    write_bytes(path, bytes);
    try {
        const JournalReader reader(path);
        FAIL() << "a journal of version 1 was accepted";
    } catch (const DataError& error) {
        EXPECT_THAT(error.what(), testing::HasSubstr("version 1, but this program reads version 2"));
        EXPECT_THAT(error.what(), testing::HasSubstr(path));
    }
    EXPECT_THROW(JournalReader{folder.file("missing")}, InputError);
}

/// A bit that changed is told from what a crash leaves, in the last entry too.
TEST(Journal, EveryFlippedBitIsDamage) {
    const TemporaryFolder folder;
    const std::string path = folder.file("j");
    write_entries(path);
    const std::string bytes = read_bytes(path);
    constexpr std::size_t header = 22;
    for (std::size_t offset = header; offset < bytes.size(); ++offset) {
        for (const int bit : {0, 3, 7}) {
            std::string damaged = bytes;
            damaged[offset] = static_cast<char>(damaged[offset] ^ (1 << bit));
            write_bytes(path, damaged);
            JournalReader reader(path);
            EXPECT_EQ(read_names(reader).size(), sample_entries().size() - 1) << offset;
            EXPECT_GT(reader.damaged_bytes(), 0U) << offset;
            EXPECT_EQ(reader.torn_bytes(), 0U) << offset;
        }
    }
}

TEST(Journal, ZerosWhereTheFileGrewBeforeItsContentAreTorn) {
    const TemporaryFolder folder;
    const std::string path = folder.file("j");
    write_entries(path);
    std::ofstream(path, std::ios::app) << std::string(100000, '\0');
    JournalReader reader(path);
    EXPECT_EQ(read_names(reader), sample_names());
    EXPECT_EQ(reader.damaged_bytes(), 0U);
    EXPECT_EQ(reader.torn_bytes(), 100000U);
}

TEST(Journal, ALinkInItsPlaceIsNotWrittenThrough) {
    const TemporaryFolder folder;
    write_entries(folder.file("elsewhere"));
    std::filesystem::create_symlink(folder.file("elsewhere"), folder.file("j"));
    const std::string bytes = read_bytes(folder.file("elsewhere"));
    EXPECT_THROW(JournalWriter::append_to(folder.file("j"), 22), DataError);
    EXPECT_TRUE(read_bytes(folder.file("elsewhere")) == bytes);
    JournalWriter::create(folder.file("j"));
    EXPECT_TRUE(read_bytes(folder.file("elsewhere")) == bytes);
    EXPECT_FALSE(std::filesystem::is_symlink(folder.file("j")));
}

}  // namespace
}  // namespace attnpaths
