#include "datasets/names_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace attnpaths {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(NamesText, ComesBackAsNames) {
    EXPECT_EQ(names_text({"next", "previous", "match; ends", ""}), "next; previous; match, ends; ");
    EXPECT_THAT(names_of_text("next; previous; match, ends; ", 4),
                ElementsAre("next", "previous", "match, ends", ""));
}

TEST(NamesText, IsMissingWhereThereAreOthersOrNone) {
    EXPECT_EQ(names_text({}), "");
    EXPECT_EQ(names_text({"", ""}), "");
    EXPECT_THAT(names_of_text("", 1), ElementsAre(""));
    EXPECT_THAT(names_of_text("a; b; c", 2), ElementsAre("", ""));
}

TEST(NamesText, IsWholeOrMissingAndThenNoted) {
    const std::string longest(most_name_bytes - 3, 'x');
    EXPECT_EQ(names_text({longest, "y"}), longest + "; y");
    EXPECT_EQ(names_text({longest, "yz"}), "");
    Dataset dataset;
    dataset.class_names = {longest, "y"};
    note_long_names(dataset);
    EXPECT_TRUE(dataset.notes.empty());
    dataset.class_names = {longest, "yz"};
    note_long_names(dataset);
    EXPECT_THAT(dataset.notes,
                ElementsAre(HasSubstr("the names of classes take 401 bytes, and a row of a store has 400")));
    dataset.layers.resize(2);
    for (std::vector<AttentionHead>& layer : dataset.layers) {
        layer.resize(1);
        layer[0].name = longest;
    }
    note_long_names(dataset);
    EXPECT_THAT(dataset.notes[1], HasSubstr("the names of heads take 796 bytes"));
}

}  // namespace
}  // namespace attnpaths
