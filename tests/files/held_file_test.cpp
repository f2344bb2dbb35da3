#include "files/held_file.hpp"

#include "files/new_file.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace attnpaths {
namespace {

namespace fs = std::filesystem;

TEST(HeldFile, IsStillThereUntilItIsReplacedHoweverOften) {
    const TemporaryFolder folder;
    const std::string path = folder.file("a");
    std::ofstream(path) << "0";
    const HeldFile first(path);
    EXPECT_TRUE(first.is_still_there());
    std::ofstream(path) << "longer";
    EXPECT_TRUE(first.is_still_there());
    for (int i = 0; i < 8; ++i) {
        const HeldFile before(path);
        NewFile next(path);
        next.file().write_at(0, "next");
        next.commit();
        EXPECT_FALSE(before.is_still_there()) << i;
        EXPECT_FALSE(first.is_still_there()) << i;  // though another file would have its inode by now
    }
    fs::remove(path);
    EXPECT_FALSE(first.is_still_there());
}

TEST(HeldFile, HoldsWhateverStandsThere) {
    const TemporaryFolder folder;
    const std::string path = folder.file("a");
    const HeldFile nothing(path);
    EXPECT_TRUE(nothing.is_still_there());
    fs::create_directory(path);
    EXPECT_FALSE(nothing.is_still_there());
    const HeldFile directory(path);
    EXPECT_TRUE(directory.is_still_there());
    fs::remove(path);
    std::ofstream(path) << "secret";
    fs::permissions(path, fs::perms::none);
    EXPECT_FALSE(directory.is_still_there());
    const HeldFile secret(path);
    EXPECT_TRUE(secret.is_still_there());
    fs::create_symlink("a", folder.file("b"));
    const HeldFile linked(folder.file("b"));
    EXPECT_TRUE(linked.is_still_there());
    fs::remove(path);
    EXPECT_FALSE(linked.is_still_there());
}

}  // namespace
}  // namespace attnpaths
