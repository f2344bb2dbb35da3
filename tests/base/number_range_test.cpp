#include "base/number_range.hpp"

#include "base/value_syntax.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tuple>

namespace attnpaths {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;
using testing::ThrowsMessage;

TEST(NumberRange, HasTwoDotsInARow) {
    for (const char* word : {"1..3", "..", "0.1..1..log9"}) EXPECT_TRUE(is_range(word)) << word;
    for (const char* word : {"1", "1.5", "20:50:30", "10:100:10"}) EXPECT_FALSE(is_range(word)) << word;
}

TEST(NumberRange, OfWholeNumbersGoesByStepsOfOneOrAsGiven) {
    EXPECT_THAT(expand_range("1..4", Numbers::whole), ElementsAre("1", "2", "3", "4"));
    EXPECT_THAT(expand_range("10..50..20", Numbers::whole), ElementsAre("10", "30", "50"));
    EXPECT_THAT(expand_range("10..49..20", Numbers::whole), ElementsAre("10", "30"));
    EXPECT_THAT(expand_range("3..1..-1", Numbers::whole), ElementsAre("3", "2", "1"));
    EXPECT_THAT(expand_range("7..7", Numbers::whole), ElementsAre("7"));
    EXPECT_THAT(expand_range("1e3..2e3..5e2", Numbers::whole), ElementsAre("1000", "1500", "2000"));
    EXPECT_THAT(expand_range("9223372036854775806..9223372036854775807", Numbers::whole),
                ElementsAre("9223372036854775806", "9223372036854775807"));
}

TEST(NumberRange, OfDecimalsHasTheDecimalsThatOneWouldWrite) {
    EXPECT_THAT(expand_range("0.1..0.5..0.1", Numbers::real), ElementsAre("0.1", "0.2", "0.3", "0.4", "0.5"));
    EXPECT_THAT(expand_range("-1..1..0.5", Numbers::real), ElementsAre("-1", "-0.5", "0", "0.5", "1"));
    EXPECT_THAT(expand_range("1e-3..3e-3..1e-3", Numbers::real), ElementsAre("0.001", "0.002", "0.003"));
}

TEST(NumberRange, OfLogarithmsHasEqualRatios) {
    EXPECT_THAT(expand_range("0.01..1..log3", Numbers::real), ElementsAre("0.01", "0.1", "1"));
    EXPECT_THAT(expand_range("0.01..1..log5", Numbers::real),
                ElementsAre("0.01", "0.0316227766017", "0.1", "0.316227766017", "1"));
    EXPECT_THAT(expand_range("10..1000..log5", Numbers::whole),
                ElementsAre("10", "32", "100", "316", "1000"));
    EXPECT_THAT(expand_range("1000..10..log3", Numbers::whole), ElementsAre("1000", "100", "10"));
    EXPECT_THAT(expand_range("1..3..log9", Numbers::whole), ElementsAre("1", "2", "3"));
    EXPECT_THAT(expand_range("1e-300..1e300..log1000", Numbers::real), SizeIs(1000));
}

TEST(NumberRange, ThatIsNoneIsRefused) {
    const std::pair<const char*, const char*> cases[] = {
        {"..", "is not a range: \"\" is not a number"},
        {"1..", "is not a range: \"\" is not a number"},
        {"1..b", "is not a range: \"b\" is not a number"},
        {"1...5", "is not a range; write FIRST..LAST..STEP"},
        {"1..2..3..4", "is not a range; write FIRST..LAST..STEP"},
        {"10:20..30", "\"10:20\" is not a number"},
        {"1..10..0", "its steps never lead to its end"},
        {"1..10..-1", "its steps never lead to its end"},
        {"10..1", "its steps never lead to its end"},
        {"0.1..1", "needs a step"},
        {"0..1e7", "has 10000001 values; a range has at most 100000"},
        {"0..9223372036854775807", "has 9223372036854775808 values"},
        {"1..-9223372036854775807..-1", "too far apart"},
        {"0..1e18..1e-18", "too many digits"},
        {"0..1..0.00000000000000000000001", "too many digits"},
        {"0.12345678901234567890123..1..1", "too many digits"},
        {"1..1e400", "is not a number"},
        {"0..1..log3", "its ends must be positive numbers"},
        {"0.1..1..log1", "write logN with N from 2 to 100000"},
        {"0.1..1..log", "write logN with N from 2 to 100000"},
        {"0.1..1..log100001", "write logN with N from 2 to 100000"},
    };
    for (const auto& [word, words] : cases) {
        EXPECT_THAT([&word = word] { std::ignore = expand_range(word, Numbers::real); },
                    ThrowsMessage<ValueSyntaxError>(HasSubstr(words)))
            << word;
    }
}

}  // namespace
}  // namespace attnpaths
