// Checkpoints of unfinished points in the journal.

#include "store/sample_store.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <thread>

namespace attnpaths {
namespace {

constexpr std::uintmax_t mebibyte = std::uintmax_t{1} << 20U;

/// Whether the store starts its journal anew within some time.
bool compacts(Store& store, std::chrono::duration<double> patience) {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (!store.compact_if_due()) {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return true;
}

TEST(Checkpoints, OutdatedOnesLeaveTheJournal) {
    const TemporaryFolder folder;
    const std::string path = folder.file("s.h5");
    const std::string key = sample_key(0);
    const std::string latest(mebibyte, 'z');
    {
        Store store = Store::open(path, sample_plan(1));
        store.start(key);
        store.checkpoint(key, "few bytes");
        EXPECT_FALSE(compacts(store, std::chrono::seconds(3))) << "nothing is gained";
        for (int i = 0; i < 70; ++i) store.checkpoint(key, std::string(mebibyte, 'a'));
        store.checkpoint(key, latest);
        store.sync();
        EXPECT_GT(std::filesystem::file_size(path + ".journal"), 70 * mebibyte);
        EXPECT_TRUE(compacts(store, std::chrono::seconds(60)));
        EXPECT_LT(std::filesystem::file_size(path + ".journal"), 2 * mebibyte);
        EXPECT_EQ(store.find(key)->checkpoint, latest);
    }
    EXPECT_EQ(Store::open(path, sample_plan(1)).find(key)->checkpoint, latest);
}

}  // namespace
}  // namespace attnpaths
