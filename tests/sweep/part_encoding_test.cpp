#include "sweep/part_encoding.hpp"

#include "base/error.hpp"
#include "sweep/small_sweep.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace attnpaths {
namespace {

using testing::HasSubstr;

TEST(PartEncoding, GivesBackNamesTextsPlacesAndContents) {
    Settings settings;
    settings.set("grid.width", {"10 \"30\" \\ \n", "a b.ini:7"});
    settings.set("task.file", {"/data/Übung.h5", "command line"});
    const std::vector<EncodedPart> decoded =
        decode_parts(encode_parts({{{"deep", settings}, "abc"}, {{"", Settings()}, ""}}));
    ASSERT_EQ(decoded.size(), 2U);
    EXPECT_EQ(decoded[0].settings.name, "deep");
    EXPECT_EQ(decoded[0].content, "abc");
    EXPECT_EQ(decoded[1].content, "");
    EXPECT_TRUE(decoded[1].settings.settings.values().empty());
    for (const auto& [key, setting] : settings.values()) {
        EXPECT_EQ(decoded[0].settings.settings.values().at(key).text, setting.text);
        EXPECT_EQ(decoded[0].settings.settings.values().at(key).where, setting.where);
    }
}

TEST(PartEncoding, LosesNothingThatDeterminesAPoint) {
    const Settings settings =
        small_settings({{"grid.width", "10 20:30:40 1e6"}, {"grid.temperature", "0.1 1e-3"}});
    const std::vector<EncodedPart> decoded = decode_parts(encode_parts({{{"", settings}, ""}}));
    EXPECT_EQ(keys_of(grid_points(read_configuration(decoded[0].settings.settings))),
              keys_of(grid_points(read_configuration(settings))));
}

TEST(PartEncoding, NamesASettingThatIsNoText) {
    Settings settings;
    settings.set("task.file", {"\xff\xfe.h5", "a.ini:7"});
    try {
        static_cast<void>(encode_parts({{{"", settings}, ""}}));
        FAIL();
    } catch (const UsageError& error) {
        EXPECT_THAT(error.what(), HasSubstr("a.ini:7: task.file: is not UTF-8"));
    }
}

TEST(PartEncoding, RefusesOtherTexts) {
    for (const char* text : {"", "3", "[3]", "[{}]", R"([{"name": "a", "settings": {"x": "y"}}])",
                             R"([{"name": "a", "settings": {"x": ["y"]}}])"})
        EXPECT_THROW(decode_parts(text), DataError) << text;
    EXPECT_TRUE(decode_parts("null").empty());
}

}  // namespace
}  // namespace attnpaths
