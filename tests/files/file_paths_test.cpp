#include "files/file_paths.hpp"

#include "base/error.hpp"
#include "support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <filesystem>
#include <fstream>

namespace attnpaths {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

TEST(FilePaths, TellsWhatIsThere) {
    const TemporaryFolder folder;
    std::ofstream(folder.file("file")) << "x";
    EXPECT_TRUE(path_exists(folder.file("file")));
    EXPECT_FALSE(is_folder(folder.file("file")));
    EXPECT_TRUE(path_exists(folder.path()));
    EXPECT_TRUE(is_folder(folder.path()));
    EXPECT_FALSE(path_exists(folder.file("nothing")));
    EXPECT_FALSE(is_folder(folder.file("nothing")));
    EXPECT_FALSE(path_exists(folder.file("file/below")));
}

// std::filesystem::exists throws an exception of its own here, which is nobody's error.
TEST(FilePaths, NamesThePathThatTheSystemRefusesToLookAt) {
    const TemporaryFolder folder;
    std::filesystem::create_symlink("loop", folder.file("loop"));
    EXPECT_THAT([&] { path_exists(folder.file("loop")); },
                ThrowsMessage<InputError>(HasSubstr("loop: cannot be looked at: Too many levels")));
    EXPECT_THROW(is_folder(folder.file(std::string(300, 'x'))), InputError);
}

TEST(FilePaths, TellsFailingStorageFromWrongPaths) {
    for (const int code : {EIO, ESTALE}) EXPECT_TRUE(is_storage_failure(code));
    for (const int code : {ENOENT, EACCES, ELOOP}) EXPECT_FALSE(is_storage_failure(code));
}

}  // namespace
}  // namespace attnpaths
