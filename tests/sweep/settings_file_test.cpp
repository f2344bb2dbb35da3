#include "sweep/settings_file.hpp"

#include "base/error.hpp"
#include "support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <tuple>

namespace attnpaths {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

const std::vector<SettingKey> keys = {{"grid.width", "", "widths"},
                                      {"grid.seed", "1", "seeds"},
                                      {"theory.tolerance", "1e-10", "bound"},
                                      {"store.file", "", "store"}};

class SettingsFile : public testing::Test {
  protected:
    Settings read(const std::string& text) {
        std::ofstream(path_) << text;
        return read_settings_file(path_, keys).common;
    }
    [[nodiscard]] std::string line(int number) const { return path_ + ":" + std::to_string(number); }

  private:
    TemporaryFolder folder_;

  protected:
    std::string path_ = folder_.file("settings.ini");
};

TEST_F(SettingsFile, GivesEveryValueWithItsLine) {
    const Settings settings =
        read("# a comment\n[grid]\nwidth = 10 30   # two widths\n\n[theory]\n  tolerance=1e-8\n");
    EXPECT_THAT(settings.integers("grid.width", 1, 100), ElementsAre(10, 30));
    EXPECT_EQ(settings.number("theory.tolerance", 0, 1), 1e-8);
    EXPECT_EQ(settings.place("grid.width"), line(3) + ": grid.width");
    EXPECT_EQ(settings.place("theory.tolerance"), line(6) + ": theory.tolerance");
    EXPECT_FALSE(settings.has("grid.seed"));
}

TEST_F(SettingsFile, AcceptsLinesThatEndAsOnWindowsAndALastLineWithoutEnd) {
    const Settings settings = read("[grid]\r\nwidth = 10\r\nseed = 7");
    EXPECT_EQ(settings.integer("grid.width", 1, 100), 10);
    EXPECT_EQ(settings.integer("grid.seed", 1, 100), 7);
}

TEST_F(SettingsFile, AMarkOfTheByteOrderIsNothingSpecial) {
    EXPECT_EQ(read("\xEF\xBB\xBF# a comment\r\n[grid]\r\n\twidth\t=\t10\t\r\n").integer("grid.width", 1, 100),
              10);
    EXPECT_EQ(read("\xEF\xBB\xBF[grid]\nwidth = 10\n").integer("grid.width", 1, 100), 10);
    EXPECT_EQ(read("\xEF\xBB\xBF").values().size(), 0U);
}

TEST_F(SettingsFile, CommentsAndQuotesFollowOneRule) {
    const auto store = [&](const std::string& value) {
        return read("[store]\nfile = " + value + "\n").text("store.file");
    };
    EXPECT_EQ(store("width#3.h5"), "width#3.h5");
    EXPECT_EQ(store("width.h5 # three"), "width.h5");
    EXPECT_EQ(store("semi.h5 ; my store"), "semi.h5");
    EXPECT_EQ(store("'semi.h5 ; my store' ; mine"), "semi.h5 ; my store");
    EXPECT_EQ(store("\"results/width #3.h5\""), "results/width #3.h5");
    EXPECT_EQ(store("a=b.h5"), "a=b.h5");
    EXPECT_EQ(store("[grid].h5"), "[grid].h5");
}

TEST_F(SettingsFile, EachMistakeIsNamedWithFileLineAndKey) {
    struct Case {
        const char* text;
        int line;
        const char* words;
    };
    const Case cases[] = {
        {"[grid]\nwidht = 10\n", 2, "unknown key grid.widht; did you mean grid.width?"},
        {"[grid]\nwidth = 10\n\n[gird]\nseed = 1\n", 5, "unknown key gird.seed; did you mean grid.seed?"},
        {"[grid]\ncompletely_different = 10\n", 2,
         "unknown key grid.completely_different; attnpaths sweep --help lists"},
        {"width = 10\n", 1, "unknown key width"},
        {"[grid]\nwidth = 10\nseed = 1\nwidth = 20\n", 4, "grid.width is given twice, first at "},
        {"[grid]\nwidth = 10\n[theory]\n[grid]\nwidth = 20\n", 5, "grid.width is given twice, first at "},
        {"[grid]\nwidth 10\n", 2, "\"width 10\" is not of the form key = value"},
        {"[grid]\n\nwidth\n", 3, "\"width\" is not of the form key = value"},
        {"[grid\nwidth = 10\n", 1, "section heading [grid has no closing ]"},
        {"[grid]\n= 10\n", 2, "\"= 10\" is not of the form key = value"},
        {"[grid]\nwidth = 1\r0\n", 2, "holds a control character (0x0d)"},
        {"[grid]\n# Gr\xF6\xDF\x65\n", 2, "holds bytes that are not UTF-8 text (0xf6)"},
        {"\xFF\xFE[grid]\n", 1, "holds bytes that are not UTF-8 text (0xff)"},
        {"[part 'a]\n", 1, "the quote ' is not closed"},
    };
    for (const Case& wrong : cases)
        EXPECT_THAT(
            [&] { read(wrong.text); },
            ThrowsMessage<UsageError>(AllOf(HasSubstr(line(wrong.line) + ": "), HasSubstr(wrong.words))))
            << wrong.text;
}

TEST_F(SettingsFile, AKeyWithoutValueIsNamedWhenItIsUsed) {
    const Settings settings = read("[grid]\nwidth =\nseed =   # nothing\n");
    EXPECT_THAT([&] { std::ignore = settings.text("grid.width"); },
                ThrowsMessage<UsageError>(HasSubstr(line(2) + ": grid.width: has no value")));
    EXPECT_THAT([&] { std::ignore = settings.words("grid.seed", Numbers::whole); },
                ThrowsMessage<UsageError>(HasSubstr(line(3) + ": grid.seed: is an empty list")));
}

TEST_F(SettingsFile, PartsAreSettingsOverTheCommonOnes) {
    read("[grid]\nwidth = 10 30\nseed = 1\n[part narrow]\n[part wide one]\ngrid.width = 100\n");
    const SweepSettings settings = read_settings_file(path_, keys);
    Settings over;
    over.set("grid.seed", {"7", "command line"});
    const std::vector<PartSettings> parts = settings.resolve(over);
    ASSERT_EQ(parts.size(), 2U);
    EXPECT_EQ(parts[0].name, "narrow");
    EXPECT_EQ(parts[0].settings.text("grid.width"), "10 30");
    EXPECT_EQ(parts[1].name, "wide one");
    EXPECT_EQ(parts[1].settings.text("grid.width"), "100");
    EXPECT_EQ(parts[1].settings.place("grid.width"), line(6) + ": grid.width");
    for (const PartSettings& part : parts) EXPECT_EQ(part.settings.text("grid.seed"), "7");
    read("[part \"a # b\"] # quoted\n");
    EXPECT_EQ(read_settings_file(path_, keys).parts.at(0).name, "a # b");
    read("[grid]\nwidth = 10\n");
    const std::vector<PartSettings> whole = read_settings_file(path_, keys).resolve(Settings());
    ASSERT_EQ(whole.size(), 1U);
    EXPECT_EQ(whole[0].name, "");
}

TEST_F(SettingsFile, MistakesInPartsNameTheLine) {
    struct Case {
        const char* text;
        int line;
        const char* words;
    };
    const Case cases[] = {
        {"[part]\n", 1, "[part] needs a name"},
        {"[part a]\ngrid.width = 1\n[part a]\n", 3, "there are two parts a"},
        {"[part a]\nwidth = 1\n", 2, "unknown key width"},
        {"[part a]\ngrid.width = 1\ngrid.width = 2\n", 3, "grid.width is given twice"},
        {"[part a]\nstore.file = x\n", 2, "store.file concerns the whole run"},
    };
    for (const Case& wrong : cases)
        EXPECT_THAT(
            [&] { read(wrong.text); },
            ThrowsMessage<UsageError>(AllOf(HasSubstr(line(wrong.line) + ": "), HasSubstr(wrong.words))))
            << wrong.text;
}

TEST_F(SettingsFile, AFileThatCannotBeReadIsAnInputError) {
    EXPECT_THAT([] { read_settings_file("/nowhere/sweep.ini", keys); },
                ThrowsMessage<InputError>(AllOf(HasSubstr("/nowhere/sweep.ini"), HasSubstr("No such file"))));
    EXPECT_THAT([] { read_settings_file(testing::TempDir(), keys); },
                ThrowsMessage<InputError>(HasSubstr("is a folder")));
}

Settings with(const std::string& key, const std::string& text) {
    Settings settings;
    settings.set(key, {text, "sweep.ini:7"});
    return settings;
}

TEST(SettingsValue, IsCheckedForFormAndRange) {
    const auto fails_with = [](const std::string& words) {
        return ThrowsMessage<UsageError>(AllOf(HasSubstr("sweep.ini:7: a.b: "), HasSubstr(words)));
    };
    for (const char* text : {"ten", "1.5", "1e3", "10x", "0x10", "99999999999999999999"})
        EXPECT_THAT([&] { std::ignore = with("a.b", text).integer("a.b", 0, 100); },
                    fails_with("\"" + std::string(text) + "\" is not a whole number"));
    EXPECT_THAT([] { std::ignore = with("a.b", "-1").integer("a.b", 0, 100); },
                fails_with("-1 is out of range"));
    EXPECT_THAT([] { std::ignore = with("a.b", "101").integer("a.b", 0, 100); },
                fails_with("between 0 and 100"));
    for (const char* text : {"ten", "nan", "inf", "1..5", "1,5", "1e999"})
        EXPECT_THAT([&] { std::ignore = with("a.b", text).number("a.b", 0, 1); },
                    fails_with("\"" + std::string(text) + "\" is not a number"));
    EXPECT_THAT([] { std::ignore = with("a.b", "-1e-300").number("a.b", 0, 1); }, fails_with("out of range"));
    EXPECT_THAT([] { std::ignore = with("a.b", "maybe").boolean("a.b"); },
                fails_with("\"maybe\" is not true or false"));
    EXPECT_THAT([] { std::ignore = with("a.b", "1 2 three").integers("a.b", 0, 9); },
                fails_with("\"three\" is not a whole number"));
    EXPECT_THAT([] { std::ignore = with("a.b", "0.1 -2").numbers("a.b", 0, 1); },
                fails_with("-2 is out of range"));
}

TEST(SettingsValue, OfAListIsSeparatedByBlanksOrCommasWithBlanksBehindThem) {
    EXPECT_THAT(with("a.b", " 1, 2\t3 , 4 ").integers("a.b", 0, 9), ElementsAre(1, 2, 3, 4));
    EXPECT_THAT(with("a.b", "\"1 2\" '3'").integers("a.b", 0, 9), ElementsAre(1, 2, 3));
    EXPECT_THAT(with("a.b", "'one # two', three").list("a.b"), ElementsAre("one # two", "three"));
    const auto fails_with = [](const std::string& words) {
        return ThrowsMessage<UsageError>(AllOf(HasSubstr("sweep.ini:7: a.b: "), HasSubstr(words)));
    };
    EXPECT_THAT([] { std::ignore = with("a.b", "").list("a.b"); }, fails_with("empty list"));
    EXPECT_THAT([] { std::ignore = with("a.b", "''").words("a.b", Numbers::real); },
                fails_with("empty list"));
    EXPECT_THAT([] { std::ignore = with("a.b", " , ").list("a.b"); }, fails_with("nothing before a comma"));
}

TEST(SettingsValue, ThatMightBeOneNumberOrTwoIsRefused) {
    const auto fails_with = [](const std::string& words) {
        return ThrowsMessage<UsageError>(HasSubstr("sweep.ini:7: a.b: " + words));
    };
    EXPECT_THAT([] { std::ignore = with("a.b", "1,5").numbers("a.b", 0, 9); },
                fails_with("\"1,5\" is not a number; write 1.5 or 1 5"));
    EXPECT_THAT([] { std::ignore = with("a.b", "1,5").integers("a.b", 0, 9); },
                fails_with("\"1,5\" is not a number; write 1 5"));
    EXPECT_THAT([] { std::ignore = with("a.b", "3 1,5,7").numbers("a.b", 0, 9); },
                fails_with("\"1,5,7\" is not a number; write 1 5 7"));
    EXPECT_THAT([] { std::ignore = with("a.b", "1,5").number("a.b", 0, 9); },
                fails_with("\"1,5\" is not a number; write 1.5"));
}

TEST(SettingsValue, OfAListMayBeARange) {
    EXPECT_THAT(with("a.b", "5 1..3 10..30..10").integers("a.b", 0, 99), ElementsAre(5, 1, 2, 3, 10, 20, 30));
    EXPECT_THAT(with("a.b", "0.01..1..log3").numbers("a.b", 0, 9), ElementsAre(0.01, 0.1, 1));
    EXPECT_THAT([] { std::ignore = with("a.b", "1..").numbers("a.b", 0, 9); },
                ThrowsMessage<UsageError>(HasSubstr("sweep.ini:7: a.b: \"1..\" is not a range")));
    EXPECT_THAT([] { std::ignore = with("a.b", "1..60000 1..60000").integers("a.b", 0, 99999); },
                ThrowsMessage<UsageError>(HasSubstr("sweep.ini:7: a.b: has more than 100000 values")));
    EXPECT_THAT([] { std::ignore = with("a.b", "1..200").integers("a.b", 0, 99); },
                ThrowsMessage<UsageError>(HasSubstr("100 is out of range")));
}

TEST(SettingsValue, MayBeQuoted) {
    EXPECT_EQ(with("a.b", "\"semi.h5 ; my store\"").text("a.b"), "semi.h5 ; my store");
    EXPECT_EQ(with("a.b", "'0.5'").number("a.b", 0, 1), 0.5);
    EXPECT_THAT([] { std::ignore = with("a.b", "\"half").text("a.b"); },
                ThrowsMessage<UsageError>(HasSubstr("sweep.ini:7: a.b: the quote \" is not closed")));
    EXPECT_THAT([] { std::ignore = with("a.b", "\"\"").text("a.b"); },
                ThrowsMessage<UsageError>(HasSubstr("has no value")));
}

TEST(Settings, OfTheCommandLineWinAndAreNamedAsOptions) {
    Settings settings = with("grid.width", "10");
    Settings over;
    over.set("grid.width", {"ten", "command line"});
    settings.override_with(over);
    EXPECT_THAT([&] { std::ignore = settings.integer("grid.width", 1, 100); },
                ThrowsMessage<UsageError>(testing::StartsWith("--grid.width: \"ten\"")));
}

TEST(Settings, APlaceThatNobodyGaveIsTheKeyItself) {
    EXPECT_EQ(Settings().place("grid.heads"), "grid.heads");
}

TEST(Settings, DefaultsFillOnlyWhatIsNotGiven) {
    Settings settings = with("grid.seed", "5");
    settings.fill_defaults(keys);
    EXPECT_EQ(settings.text("grid.seed"), "5");
    EXPECT_EQ(settings.text("theory.tolerance"), "1e-10");
    EXPECT_FALSE(settings.has("grid.width"));
    EXPECT_THAT([&] { std::ignore = settings.text("grid.width"); },
                ThrowsMessage<UsageError>(AllOf(HasSubstr("grid.width is missing"), HasSubstr("[grid]"),
                                                HasSubstr("--grid.width"))));
}

TEST(Settings, TextDoesNotDependOnWhereValuesWereGiven) {
    Settings one = with("grid.seed", "5");
    one.set("grid.width", {"10", "command line"});
    Settings two = with("grid.width", "10");
    two.set("grid.seed", {"5", "default"});
    EXPECT_EQ(one.to_text(), "grid.seed = 5\ngrid.width = 10\n");
    EXPECT_EQ(one.to_text(), two.to_text());
}

TEST(Settings, TextIsReadAsTheSameValues) {
    Settings settings;
    settings.set("store.file", {"semi.h5 ; my store", "command line"});
    settings.set("grid.width", {"10 'x # y'", "sweep.ini:3"});
    EXPECT_EQ(settings.to_text(), "grid.width = 10 'x # y'\nstore.file = \"semi.h5 ; my store\"\n");
}

TEST(ParseMemory, KnowsBinaryUnits) {
    EXPECT_EQ(parse_memory("512"), 512);
    EXPECT_EQ(parse_memory("2K"), 2048);
    EXPECT_EQ(parse_memory("512M"), 512.0 * 1024 * 1024);
    EXPECT_EQ(parse_memory("1.5G"), 1.5 * 1024 * 1024 * 1024);
    EXPECT_EQ(parse_memory("1T"), 1024.0 * 1024 * 1024 * 1024);
    for (const char* text : {"", "G", "-1G", "4GB", "much", "1e300", "1e308T"})
        EXPECT_LT(parse_memory(text), 0) << text;
}

}  // namespace
}  // namespace attnpaths
