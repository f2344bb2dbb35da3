#include "base/printable.hpp"

#include <gtest/gtest.h>

namespace attnpaths {
namespace {

TEST(Printable, LeavesTextsOfAnyLanguageAlone) {
    for (const char* text : {"", "width 10, T 0.01", "Größe", "注意", "σ²", "🙂"})
        EXPECT_EQ(printable(text), text);
}

TEST(Printable, SpellsOutWhatSteersATerminalOrReadersEyes) {
    EXPECT_EQ(printable("a\x1b[31mred\r\n"), "a\\x1b[31mred\\x0d\\x0a");
    EXPECT_EQ(printable(std::string_view("nul\0", 4)), "nul\\x00");
    EXPECT_EQ(printable("\xC2\x9B"
                        "31m"),
              "\\u{009b}31m");  // C1: control sequence introducer
    EXPECT_EQ(printable("user\xE2\x80\xAE"
                        "toor"),
              "user\\u{202e}toor");  // right-to-left override
    EXPECT_EQ(printable("\xE2\x81\xA6x\xE2\x80\x8B"), "\\u{2066}x\\u{200b}");
}

TEST(Printable, SpellsOutWhatIsNoUtf8) {
    EXPECT_EQ(printable("\xFF\xC0\xAF"), "\\xff\\xc0\\xaf");           // overlong
    EXPECT_EQ(printable("\xED\xA0\x80"), "\\xed\\xa0\\x80");           // surrogate
    EXPECT_EQ(printable("ab\xE2\x82"), "ab\\xe2\\x82");                // cut short
    EXPECT_EQ(printable("\xF5\x80\x80\x80"), "\\xf5\\x80\\x80\\x80");  // beyond Unicode
}

TEST(Printable, IsBoundedBetweenCharacters) {
    EXPECT_EQ(printable("abcdef", 6), "abcdef");
    EXPECT_EQ(printable("abcdefg", 6), "abcdef...");
    EXPECT_EQ(printable("ab\xC3\xB6", 3), "ab...");
}

}  // namespace
}  // namespace attnpaths
