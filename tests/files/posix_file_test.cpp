#include "files/posix_file.hpp"

#include "base/error.hpp"
#include "support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sys/stat.h>

namespace attnpaths {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

TEST(PosixFile, DoesNotWaitForAPipe) {
    const TemporaryFolder folder;
    const std::string pipe = folder.file("pipe");
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    EXPECT_THAT([&] { PosixFile::open(pipe); }, ThrowsMessage<InputError>(HasSubstr("is a pipe")));
    EXPECT_THROW(PosixFile::open_for_writing(pipe), InputError);
    EXPECT_THROW(PosixFile::create(pipe), Error);
}

TEST(PosixFile, RefusesFoldersAndDevices) {
    const TemporaryFolder folder;
    EXPECT_THAT([&] { PosixFile::open(folder.path()); }, ThrowsMessage<InputError>(HasSubstr("is a folder")));
    EXPECT_THAT([] { PosixFile::open("/dev/null"); }, ThrowsMessage<InputError>(HasSubstr("device")));
}

TEST(PosixFile, ExclusiveCreationFollowsNoLink) {
    const TemporaryFolder folder;
    std::ofstream(folder.file("victim")) << "precious";
    std::filesystem::create_symlink(folder.file("victim"), folder.file("trap"));
    EXPECT_THROW(PosixFile::create_exclusively(folder.file("trap"), "x"), CreateError);
    EXPECT_THROW(PosixFile::create_exclusively(folder.file("victim"), "x"), CreateError);
    EXPECT_EQ(PosixFile::open(folder.file("victim")).size(), 8U);
}

}  // namespace
}  // namespace attnpaths
