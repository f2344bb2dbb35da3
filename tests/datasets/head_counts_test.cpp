#include "datasets/head_counts.hpp"

#include "base/error.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace attnpaths {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

TEST(HeadCounts, TextAndListAreInverses) {
    EXPECT_THAT(parse_head_counts("2:3:1", "heads"), ElementsAre(2, 3, 1));
    EXPECT_THAT(parse_head_counts("4", "heads"), ElementsAre(4));
    EXPECT_EQ(head_counts_text({2, 3, 1}), "2:3:1");
    EXPECT_EQ(head_counts_text(parse_head_counts("12:1", "heads")), "12:1");
}

TEST(HeadCounts, OtherTextsAreRefusedWithTheirPlace) {
    for (const char* text : {"", ":", "2:", ":2", "2::2", "0", "2:-1", "2.0", "two", "2 2", "2:2 "})
        EXPECT_THAT([&] { parse_head_counts(text, "--heads"); },
                    ThrowsMessage<UsageError>(
                        AllOf(HasSubstr("--heads"), HasSubstr(text), HasSubstr("as in \"2:2\""))))
            << text;
}

}  // namespace
}  // namespace attnpaths
