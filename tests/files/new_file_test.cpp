#include "files/new_file.hpp"

#include "base/error.hpp"
#include "base/host_name.hpp"
#include "support/temporary_folder.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <sys/wait.h>

namespace attnpaths {
namespace {

namespace fs = std::filesystem;

std::string content(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

std::size_t files_in(const std::string& folder) {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

TEST(NewFile, ReplacesAsAWholeAndLeavesNothingElse) {
    const TemporaryFolder folder;
    std::ofstream(folder.file("a")) << "old";
    {
        NewFile file(folder.file("a"));
        file.file().write_at(0, "new content");
        EXPECT_EQ(content(folder.file("a")), "old");
        file.commit();
    }
    EXPECT_EQ(content(folder.file("a")), "new content");
    { NewFile abandoned(folder.file("a")); }
    EXPECT_EQ(content(folder.file("a")), "new content");
    EXPECT_EQ(files_in(folder.path()), 1U);
}

TEST(NewFile, ReplacesWhatALinkPointsToAndKeepsTheLink) {
    const TemporaryFolder folder;
    fs::create_directory(folder.file("elsewhere"));
    std::ofstream(folder.file("elsewhere/real")) << "old";
    fs::create_symlink("elsewhere/real", folder.file("link"));
    NewFile file(folder.file("link"));
    EXPECT_EQ(fs::path(file.temporary()).parent_path(), folder.file("elsewhere"));
    file.file().write_at(0, "new");
    file.commit();
    EXPECT_TRUE(fs::is_symlink(folder.file("link")));
    EXPECT_EQ(content(folder.file("elsewhere/real")), "new");
}

TEST(NewFile, TwoAtOnceDoNotMeet) {
    const TemporaryFolder folder;
    NewFile one(folder.file("a"));
    NewFile two(folder.file("a"));
    EXPECT_NE(one.temporary(), two.temporary());
    one.file().write_at(0, "one");
    two.file().write_at(0, "two");
    one.commit();
    EXPECT_EQ(content(folder.file("a")), "one");
    two.commit();
    EXPECT_EQ(content(folder.file("a")), "two");
}

TEST(NewFile, RefusesFoldersAndMissingOnes) {
    const TemporaryFolder folder;
    EXPECT_THROW(NewFile{folder.path()}, CreateError);
    EXPECT_THROW(NewFile{folder.file("no/such")}, CreateError);
}

TEST(NewFile, RemovesWhatDeadProcessesLeft) {
    const TemporaryFolder folder;
    const pid_t child = ::fork();
    if (child == 0) ::_exit(0);
    ::waitpid(child, nullptr, 0);
    std::string host = host_name();
    std::replace(host.begin(), host.end(), '.', '_');
    const std::string dead = folder.file(fmt::format("a.tmp.{}.{}.0123456789abcdef", host, child));
    const std::string elsewhere =
        folder.file(fmt::format("a.tmp.{}.{}.0123456789abcdef", "other-host", child));
    std::ofstream(dead) << "half";
    std::ofstream(elsewhere) << "half";
    const NewFile alive(folder.file("a"));
    remove_abandoned_files(folder.file("a"));
    EXPECT_FALSE(fs::exists(dead));
    EXPECT_TRUE(fs::exists(elsewhere));
    EXPECT_TRUE(fs::exists(alive.temporary()));
}

}  // namespace
}  // namespace attnpaths
