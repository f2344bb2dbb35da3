#include "farm/status_line.hpp"

#include "base/error.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace attnpaths {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

TEST(ProgressStyle, HasFourNames) {
    EXPECT_EQ(parse_progress_style("auto"), ProgressStyle::automatic);
    EXPECT_EQ(parse_progress_style("bar"), ProgressStyle::bar);
    EXPECT_EQ(parse_progress_style("lines"), ProgressStyle::lines);
    EXPECT_EQ(parse_progress_style("none"), ProgressStyle::none);
    EXPECT_THAT([] { parse_progress_style("loud"); },
                ThrowsMessage<UsageError>(
                    AllOf(HasSubstr("--progress loud"), HasSubstr("auto, bar, lines or none"))));
}

}  // namespace
}  // namespace attnpaths
