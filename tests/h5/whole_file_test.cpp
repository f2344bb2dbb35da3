#include "h5/whole_file.hpp"

#include "base/error.hpp"
#include "h5/input_file.hpp"
#include "support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <sys/resource.h>
#include <unistd.h>

namespace attnpaths::h5 {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

class WholeFile : public testing::Test {
  protected:
    void SetUp() override { initialise(); }
    [[nodiscard]] std::string file(const std::string& name) const { return folder_.file(name); }
    [[nodiscard]] std::vector<std::string> listing() const { return folder_.names(); }

  private:
    TemporaryFolder folder_;
};

void write_floats(File& file) {
    file.write("/floats", {{2}, {0.5, 0.1}});
}

TEST_F(WholeFile, AFailureWhileFillingLeavesTheOldFileAndNoTemporary) {
    write_whole_file(file("a.h5"), write_floats);
    EXPECT_THROW(write_whole_file(file("a.h5"),
                                  [](File& out) {
                                      out.write("/other", {{1}, {1}});
                                      throw DataError("stop");
                                  }),
                 DataError);
    EXPECT_TRUE(InputFile(file("a.h5")).has("/floats"));
    EXPECT_THAT(listing(), ElementsAre("a.h5"));
}

TEST_F(WholeFile, AFullDiskLeavesTheOldFileAndNoTemporary) {
    write_whole_file(file("a.h5"), write_floats);
    // A limit on file sizes fails writes as a full disk does.
    rlimit old{};
    getrlimit(RLIMIT_FSIZE, &old);
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit small{100000, old.rlim_max};
    setrlimit(RLIMIT_FSIZE, &small);
    EXPECT_THAT(
        [&] {
            write_whole_file(file("a.h5"), [](File& out) {
                out.write("/x", {{50000}, std::vector<double>(50000, 1)});
            });
        },
        ThrowsMessage<OutputError>(AllOf(HasSubstr("a.h5"), HasSubstr("writing failed"))));
    setrlimit(RLIMIT_FSIZE, &old);
    std::signal(SIGXFSZ, handler);
    EXPECT_TRUE(InputFile(file("a.h5")).has("/floats"));
    EXPECT_THAT(listing(), ElementsAre("a.h5"));
}

TEST_F(WholeFile, AFileThatCannotBeCreatedSaysWhy) {
    const auto nothing = [](File&) {};
    EXPECT_THAT(
        [&] { write_whole_file(file("no/such/folder.h5"), nothing); },
        ThrowsMessage<CreateError>(AllOf(HasSubstr("folder.h5"), HasSubstr("No such file or directory"))));
    EXPECT_THAT([&] { write_whole_file(fs::path(file("x")).parent_path().string(), nothing); },
                ThrowsMessage<CreateError>(HasSubstr("is a folder")));
    EXPECT_THAT([&] { write_whole_file("/proc/nothing.h5", nothing); },
                ThrowsMessage<CreateError>(HasSubstr("/proc/nothing.h5")));
}

TEST_F(WholeFile, AProtectedFolderIsRefused) {
    if (geteuid() == 0) GTEST_SKIP() << "root may write anywhere";
    fs::create_directory(file("protected"));
    fs::permissions(file("protected"), fs::perms::owner_read | fs::perms::owner_exec);
    EXPECT_THAT([&] { write_whole_file(file("protected/a.h5"), [](File&) {}); },
                ThrowsMessage<CreateError>(HasSubstr("Permission denied")));
}

}  // namespace
}  // namespace attnpaths::h5
