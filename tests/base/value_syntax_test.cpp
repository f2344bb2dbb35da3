#include "base/value_syntax.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tuple>

namespace attnpaths {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::ThrowsMessage;

TEST(Comment, BeginsAtTheStartOfALineOrAfterWhiteSpaceOutsideQuotes) {
    EXPECT_EQ(without_comment("# all"), "");
    EXPECT_EQ(without_comment("; all"), "");
    EXPECT_EQ(without_comment("a = 1 # one"), "a = 1 ");
    EXPECT_EQ(without_comment("a = 1\t; one"), "a = 1\t");
    EXPECT_EQ(without_comment("a = width#3.h5"), "a = width#3.h5");
    EXPECT_EQ(without_comment("a = one;two"), "a = one;two");
    EXPECT_EQ(without_comment("a = \"one # two\" # three"), "a = \"one # two\" ");
    EXPECT_EQ(without_comment("a='one ; two' ; three"), "a='one ; two' ");
    EXPECT_EQ(without_comment("a = it's # a name"), "a = it's ");
    EXPECT_EQ(without_comment("[part \"# 3\"] # third"), "[part \"# 3\"] ");
}

TEST(Unquoted, TakesTheQuotesOfTheWholeValue) {
    EXPECT_EQ(unquoted(" plain words "), "plain words");
    EXPECT_EQ(unquoted("\"a b\""), "a b");
    EXPECT_EQ(unquoted(" 'a \"b\"' "), "a \"b\"");
    EXPECT_EQ(unquoted("'it''s'"), "it's");
    EXPECT_EQ(unquoted("it's"), "it's");
    EXPECT_EQ(unquoted("\"\""), "");
    EXPECT_EQ(unquoted("\" a \""), " a ");
    for (const char* text : {"\"a", "'a", "\"", "\"a\"\"", "'a\""})
        EXPECT_THAT([&] { std::ignore = unquoted(text); },
                    ThrowsMessage<ValueSyntaxError>(HasSubstr("is not closed")))
            << text;
    for (const char* text : {"\"a\" b", "\"a\"b", "'a' 'b'"})
        EXPECT_THAT([&] { std::ignore = unquoted(text); },
                    ThrowsMessage<ValueSyntaxError>(HasSubstr("do not enclose all")))
            << text;
}

TEST(QuotedIfNeeded, IsReadAsTheSameValue) {
    for (const char* text :
         {"plain", "/a b/c#d", "a # b", " a", "a ", "\"a\"", "'a", "\"a' # b", "", "# a", "a\"b # c"}) {
        const std::string quoted = quoted_if_needed(text);
        EXPECT_EQ(unquoted(quoted), text);
        EXPECT_EQ(without_comment("k = " + quoted), "k = " + quoted);
    }
    EXPECT_EQ(quoted_if_needed("/a b/c#d"), "/a b/c#d");
}

TEST(ListElements, AreSeparatedByWhiteSpaceOrACommaThatIsNoDecimalOne) {
    EXPECT_THAT(list_elements(" 1 2\t3, 4 "), ElementsAre("1", "2", "3", "4"));
    EXPECT_THAT(list_elements("1,5"), ElementsAre("1,5"));
    EXPECT_THAT(list_elements("1,5, 2"), ElementsAre("1,5", "2"));
    EXPECT_THAT(list_elements("weights,order-parameter"), ElementsAre("weights", "order-parameter"));
    EXPECT_THAT(list_elements("one=1.1,2.1 two=1.2"), ElementsAre("one=1.1,2.1", "two=1.2"));
    EXPECT_THAT(list_elements("\"a, b\" 'c d','e'"), ElementsAre("a, b", "c d", "e"));
    EXPECT_THAT(list_elements("a ,b"), ElementsAre("a", "b"));
    EXPECT_THAT(list_elements(" \t"), IsEmpty());
    EXPECT_THAT(list_elements(""), IsEmpty());
    for (const char* text : {",", ", 1", "1, , 2"})
        EXPECT_THAT([&] { std::ignore = list_elements(text); },
                    ThrowsMessage<ValueSyntaxError>(HasSubstr("nothing before a comma")))
            << text;
    EXPECT_THAT([] { std::ignore = list_elements("1, 2,"); },
                ThrowsMessage<ValueSyntaxError>(HasSubstr("nothing after a comma")));
    EXPECT_THAT([] { std::ignore = list_elements("a 'b"); },
                ThrowsMessage<ValueSyntaxError>(HasSubstr("is not closed")));
    EXPECT_THAT([] { std::ignore = list_elements("'a'b"); },
                ThrowsMessage<ValueSyntaxError>(HasSubstr("right behind the closing quote of 'a'")));
}

TEST(ForbiddenCharacters, AreControlCharactersAndWhatIsNotUtf8) {
    for (const char* text : {"", "plain\ttext", "Größe σ 👍", "\xEF\xBB\xBF", "\xF4\x8F\xBF\xBF"})
        EXPECT_EQ(forbidden_characters(text), "") << text;
    EXPECT_EQ(forbidden_characters(std::string_view("a\0b", 3)), "a control character (0x00)");
    EXPECT_EQ(forbidden_characters("a\rb"), "a control character (0x0d)");
    EXPECT_EQ(forbidden_characters("\x1b[0m"), "a control character (0x1b)");
    EXPECT_EQ(forbidden_characters("\x7f"), "a control character (0x7f)");
    EXPECT_EQ(forbidden_characters("\xC2\x85"), "a control character (0x85)");
    // Latin-1, half a character, one written too long, a surrogate, beyond the last, UTF-16.
    for (const char* text :
         {"Gr\xF6\xDF"
          "e",
          "\xE2\x82", "\xC0\xAF", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xFF\xFE"})
        EXPECT_THAT(forbidden_characters(text), HasSubstr("not UTF-8"));
}

}  // namespace
}  // namespace attnpaths
