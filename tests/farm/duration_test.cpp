#include "farm/duration.hpp"

#include <gtest/gtest.h>

namespace attnpaths {
namespace {

TEST(DurationText, SpeaksOfTimesAsPeopleDo) {
    EXPECT_EQ(duration_text(0.02), "20 ms");
    EXPECT_EQ(duration_text(8.04), "8.0 s");
    EXPECT_EQ(duration_text(42), "42 s");
    EXPECT_EQ(duration_text(12 * 60), "12 min");
    EXPECT_EQ(duration_text(3.4 * 3600), "3.4 h");
}

TEST(ParseDuration, KnowsSecondsMinutesHoursAndDays) {
    EXPECT_EQ(parse_duration("90"), 90);
    EXPECT_EQ(parse_duration("90s"), 90);
    EXPECT_EQ(parse_duration("1.5m"), 90);
    EXPECT_EQ(parse_duration("2h"), 7200);
    EXPECT_EQ(parse_duration("1d"), 86400);
    EXPECT_EQ(parse_duration("36525d"), longest_duration);
    for (const char* text :
         {"", "s", "-5", "-5m", "5 m", "5min", "1h30m", "soon", "1e300", "1e308d", "36526d"})
        EXPECT_LT(parse_duration(text), 0) << text;
}

}  // namespace
}  // namespace attnpaths
