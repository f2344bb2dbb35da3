#include "point/head_names.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace attnpaths {
namespace {

using testing::ElementsAre;

TEST(HeadNames, ComeBackFromTheirText) {
    EXPECT_EQ(head_names_text({{"next", "previous"}, {"match; ends", ""}}), "next; previous; match, ends; ");
    EXPECT_THAT(head_names_of_text("next; previous; match, ends; ", 4),
                ElementsAre("next", "previous", "match, ends", ""));
}

TEST(HeadNames, AreMissingWhereThereAreOthersOrNone) {
    EXPECT_EQ(head_names_text({}), "");
    EXPECT_THAT(head_names_of_text("", 1), ElementsAre(""));
    EXPECT_THAT(head_names_of_text("a; b; c", 2), ElementsAre("", ""));
}

}  // namespace
}  // namespace attnpaths
