#include "base/error.hpp"
#include "h5/file.hpp"
#include "h5/input_file.hpp"
#include "h5/whole_file.hpp"
#include "support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace attnpaths::h5 {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::ThrowsMessage;

class H5File : public testing::Test {
  protected:
    void SetUp() override { initialise(); }
    [[nodiscard]] std::string file(const std::string& name) const { return folder_.file(name); }

  private:
    TemporaryFolder folder_;
};

void write_example(File& file) {
    file.write("/group/deep/numbers", {{2, 3}, {1, 2, 3, 4, 5, 0.1}});
    file.write_as_float("/floats", {{2}, {0.5, 0.1}});
    file.write_strings("/group/names", {"one", "", "three heads"});
    file.write_attribute("/", "format", std::string("example"));
    file.write_attribute("/", "version", std::int64_t{3});
    file.write_attribute("/group", "empty", std::string());
    file.write_number_attribute("/group", "third", 1.0 / 3);
}

/// The library refuses a file that it has open already without asking the system, so the reason is not the
/// one of whatever the system refused before.
TEST_F(H5File, AnEarlierFailureIsNotTheReason) {
    const File open = File::create(file("a.h5"));
    errno = EXDEV;
    EXPECT_THAT([&] { File::create(file("a.h5")); },
                ThrowsMessage<CreateError>(
                    AllOf(HasSubstr("a.h5: cannot be created"), Not(HasSubstr(std::strerror(EXDEV))))));
}

TEST_F(H5File, EverythingWrittenIsReadBack) {
    write_whole_file(file("a.h5"), write_example);
    const InputFile read(file("a.h5"));
    const Array<double> numbers = read.read("/group/deep/numbers");
    EXPECT_THAT(numbers.shape, ElementsAre(2, 3));
    EXPECT_THAT(numbers.values, ElementsAre(1, 2, 3, 4, 5, 0.1));
    EXPECT_THAT(read.read("/floats").values, ElementsAre(0.5, static_cast<double>(0.1F)));
    EXPECT_THAT(read.read_strings("/group/names"), ElementsAre("one", "", "three heads"));
    EXPECT_EQ(read.read_text_attribute("/", "format"), "example");
    EXPECT_EQ(read.read_text_attribute("/group", "empty"), "");
    EXPECT_EQ(read.read_integer_attribute("/", "version"), 3);
    EXPECT_THAT(read.read_numbers_attribute("/", "version"), ElementsAre(3.0));
    EXPECT_THAT(read.read_numbers_attribute("/group", "third"), ElementsAre(1.0 / 3));
    EXPECT_THAT(read.members("/"), ElementsAre("floats", "group"));
    EXPECT_THAT(read.shape("/group/deep/numbers"), ElementsAre(2, 3));
}

TEST_F(H5File, SaysWhatIsThere) {
    write_whole_file(file("a.h5"), write_example);
    const InputFile read(file("a.h5"));
    EXPECT_TRUE(read.has("/group/deep/numbers"));
    EXPECT_FALSE(read.has("/nowhere/deep/numbers"));
    EXPECT_FALSE(read.has("/floats/below-a-data-set"));
    EXPECT_TRUE(read.has_attribute("/", "version"));
    EXPECT_FALSE(read.has_attribute("/", "none"));
    EXPECT_FALSE(read.has_attribute("/nowhere", "none"));
}

TEST_F(H5File, AWrittenFileIsTheSameWhetherItIsMadeOnDiskOrInMemory) {
    {
        File direct = File::create(file("direct.h5"));
        write_example(direct);
    }
    write_whole_file(file("whole.h5"), write_example);
    EXPECT_EQ(InputFile(file("direct.h5")).read("/group/deep/numbers").values,
              InputFile(file("whole.h5")).read("/group/deep/numbers").values);
}

TEST_F(H5File, ErrorsNameFileAndObject) {
    EXPECT_THAT([&] { InputFile(file("none.h5")); },
                ThrowsMessage<InputError>(AllOf(HasSubstr("none.h5"), HasSubstr("no such file"))));
    EXPECT_THAT([&] { InputFile(fs::path(file("x")).parent_path().string()); },
                ThrowsMessage<InputError>(HasSubstr("is a folder")));
    std::ofstream(file("text.h5")) << "not HDF5 at all";
    EXPECT_THAT([&] { InputFile(file("text.h5")); },
                ThrowsMessage<DataError>(HasSubstr("text.h5: is not an HDF5 file")));

    write_whole_file(file("a.h5"), write_example);
    const InputFile read(file("a.h5"));
    EXPECT_THAT([&] { static_cast<void>(read.read("/group/none")); },
                ThrowsMessage<DataError>(HasSubstr("a.h5: /group/none")));
    EXPECT_THAT([&] { static_cast<void>(read.read("/group")); },
                ThrowsMessage<DataError>(HasSubstr("a.h5: /group")));
    EXPECT_THAT([&] { static_cast<void>(read.read("/group/names")); },
                ThrowsMessage<DataError>(HasSubstr("/group/names: is not numeric")));
    EXPECT_THAT([&] { static_cast<void>(read.read_strings("/floats")); },
                ThrowsMessage<DataError>(HasSubstr("/floats: is not text")));
    EXPECT_THAT([&] { static_cast<void>(read.read_integer_attribute("/", "format")); },
                ThrowsMessage<DataError>(HasSubstr("attribute format: is not an integer")));
    EXPECT_THAT([&] { static_cast<void>(read.read_text_attribute("/", "version")); },
                ThrowsMessage<DataError>(HasSubstr("attribute version: is not text")));
    EXPECT_THAT([&] { static_cast<void>(read.read_numbers_attribute("/", "format")); },
                ThrowsMessage<DataError>(HasSubstr("attribute format: is not numeric")));
}

TEST_F(H5File, ATruncatedFileIsRefusedWhereverItIsCut) {
    write_whole_file(file("a.h5"), [](File& out) {
        out.write("/x", {{1000}, std::vector<double>(1000, 1)});
    });
    const auto size = fs::file_size(file("a.h5"));
    for (const auto left : {size - 1, size / 2, std::uintmax_t{100}, std::uintmax_t{4}, std::uintmax_t{0}}) {
        fs::copy_file(file("a.h5"), file("cut.h5"), fs::copy_options::overwrite_existing);
        fs::resize_file(file("cut.h5"), left);
        EXPECT_THAT([&] { InputFile(file("cut.h5")); }, ThrowsMessage<DataError>(HasSubstr("cut.h5: is")))
            << left << " bytes left";
    }
}

}  // namespace
}  // namespace attnpaths::h5
