#include "base/text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace attnpaths {
namespace {

using testing::ElementsAre;

TEST(ExactText, ReadsBackAsTheSameNumber) {
    for (const double value :
         {0.1, 1. / 3, 1e-300, -2.5e17, 30., 5e-324, std::numeric_limits<double>::max()}) {
        double back = 0;
        ASSERT_TRUE(parse_number(exact_text(value), back)) << exact_text(value);
        EXPECT_EQ(back, value);
    }
    EXPECT_EQ(exact_text(0.1), "0.1");
    EXPECT_EQ(exact_text(30), "30");
}

TEST(ParseNumber, TakesOnlyOneWholeFiniteNumber) {
    double value = 0;
    EXPECT_TRUE(parse_number("1e-2", value));
    EXPECT_EQ(value, 0.01);
    for (const char* text : {"", " 1", "1 ", "1,5", "1x", "nan", "inf", "1e999", "0x10", "--1"})
        EXPECT_FALSE(parse_number(text, value)) << text;
}

TEST(ParseInteger, TakesOnlyOneWholeIntegerInRange) {
    std::int64_t value = 0;
    EXPECT_TRUE(parse_integer("-9223372036854775808", value));
    EXPECT_EQ(value, std::numeric_limits<std::int64_t>::min());
    for (const char* text : {"", "1.0", "1e3", "9223372036854775808", "12 ", "abc"})
        EXPECT_FALSE(parse_integer(text, value)) << text;
}

TEST(Split, DropsEmptyPieces) {
    EXPECT_THAT(split("10 30,100\t 200"), ElementsAre("10", "30", "100", "200"));
    EXPECT_THAT(split("20:50:30", ":"), ElementsAre("20", "50", "30"));
    EXPECT_THAT(split(" , "), ElementsAre());
    EXPECT_THAT(split(""), ElementsAre());
}

TEST(NearestWord, HintsAtMisspellingsOnly) {
    const std::vector<std::string> words{"temperature", "width", "heads", "depth"};
    EXPECT_EQ(nearest_word("temperatur", words), "temperature");
    EXPECT_EQ(nearest_word("widht", words), "width");
    EXPECT_EQ(nearest_word("examples", words), "");
    EXPECT_EQ(nearest_word("width", {}), "");
}

}  // namespace
}  // namespace attnpaths
