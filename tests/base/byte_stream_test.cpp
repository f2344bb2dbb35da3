#include "base/byte_stream.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace attnpaths {
namespace {

TEST(ByteStream, ReadsBackWhatWasWritten) {
    ByteWriter out;
    out.number(std::uint8_t{200});
    out.number(-1.5e-300);
    out.text(std::string_view("path\0kernel", 11));
    out.text("");
    out.number(std::int64_t{-7});
    const std::string bytes = out.take();
    ByteReader in(bytes);
    EXPECT_EQ(in.number<std::uint8_t>(), 200);
    EXPECT_EQ(in.number<double>(), -1.5e-300);
    EXPECT_EQ(in.text(), std::string_view("path\0kernel", 11));
    EXPECT_EQ(in.text(), "");
    EXPECT_EQ(in.number<std::int64_t>(), -7);
    EXPECT_EQ(in.left(), 0U);
    EXPECT_FALSE(in.failed());
}

TEST(ByteStream, ReadingPastTheEndFailsForGood) {
    ByteWriter out;
    out.number(std::uint32_t{1});
    const std::string bytes = out.take();
    ByteReader in(bytes);
    EXPECT_EQ(in.number<std::uint64_t>(), 0U);
    EXPECT_TRUE(in.failed());
    EXPECT_EQ(in.number<std::uint8_t>(), 0U);
}

TEST(ByteStream, ATextThatIsTooLongIsNotCutShort) {
    // Refused by its length: nobody looks at its bytes.
    const char byte = 'x';
    ByteWriter out;
    EXPECT_THROW(out.text({&byte, (std::size_t{1} << 32U) + 5}), OutputError);
    EXPECT_EQ(out.take(), "");
}

}  // namespace
}  // namespace attnpaths
