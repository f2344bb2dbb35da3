#include "images/omniglot.hpp"

#include "base/error.hpp"
#include "images/image_files.hpp"
#include "images/image_source.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <numeric>

namespace attnpaths {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

constexpr Index side = 20;
constexpr Index drawers = 3;

/// A scan that no other equals: paper with a bar of ink.
Bytes scan(std::size_t number, Index drawer) {
    Bytes pixels(static_cast<std::size_t>(side * side), 255);
    for (std::size_t i = 0; i < 20 + 17 * number; ++i) pixels[i + 30 * static_cast<std::size_t>(drawer)] = 0;
    return pixels;
}

struct Character {
    OmniglotCharacter place;
    std::string id;
    const char* split;
};

/// Not in the order of classes; the file numbers run against it too.
const std::vector<Character> characters = {
    {{"images_evaluation", "Tibetan", "character02"}, "0001", "test"},
    {{"images_background", "Greek", "character01"}, "0394", "train"},
    {{"images_evaluation", "Gurmukhi", "character42"}, "0300", "test"},
    {{"images_background", "Hebrew", "character03"}, "0200", "val"},
    {{"images_evaluation", "Gurmukhi", "character41"}, "0301", "train"},
    {{"images_evaluation", "Tibetan", "character01"}, "0002", "test"},
    {{"images_background", "Anglo-Saxon_Futhorc", "character10"}, "0100", "train"},
    {{"images_background", "Anglo-Saxon_Futhorc", "character09"}, "0101", "train"},
};

std::string png_file(const TemporaryFolder& folder, const Character& character, Index drawer) {
    return folder.file(character.place.name() + "/" + character.id + "_0" + std::to_string(drawer + 1) +
                       ".png");
}

void write_folders(const TemporaryFolder& folder) {
    for (std::size_t i = 0; i < characters.size(); ++i)
        for (Index drawer = drawers - 1; drawer >= 0; --drawer)
            write_png(png_file(folder, characters[i], drawer), side, scan(i, drawer));
}

std::string table_text() {
    std::string text = "class\tvinyals_split\tfirst_image\tset\talphabet\tcharacter\n";
    for (std::size_t i = 0; i < characters.size(); ++i) {
        const OmniglotCharacter& place = characters[i].place;
        text += std::to_string(i) + "\t" + characters[i].split + "\t" +
                std::to_string(drawers * static_cast<Index>(i)) + "\t" + place.set + "\t" + place.alphabet +
                "\t" + place.character + "\n";
    }
    return text;
}

void write_table(const TemporaryFolder& folder, const std::string& table = table_text()) {
    Bytes pixels;
    for (std::size_t i = 0; i < characters.size(); ++i) {
        for (Index drawer = 0; drawer < drawers; ++drawer) {
            const Bytes own = scan(i, drawer);
            pixels.insert(pixels.end(), own.begin(), own.end());
        }
    }
    const auto count = static_cast<std::uint32_t>(drawers * static_cast<Index>(characters.size()));
    write_gzip(folder.file("omniglot-images-idx3-ubyte.gz"), idx_images(count, side, side, pixels));
    write_file(folder.file("omniglot-classes.tsv"), {table.begin(), table.end()});
}

TEST(Omniglot, FoldersAndTableGiveTheSameSet) {
    const TemporaryFolder folder;
    std::filesystem::create_directories(folder.file("png"));
    write_folders(folder);
    for (const char* set : {"images_background", "images_evaluation"})
        std::filesystem::rename(folder.file(set), folder.file(std::string("png/") + set));
    write_table(folder);
    const ImageSet from_folders = read_images({folder.file("png"), 8});
    const ImageSet from_table = read_images({folder.path(), 8});

    ASSERT_EQ(from_folders.classes.size(), characters.size());
    ASSERT_EQ(from_table.classes.size(), characters.size());
    EXPECT_EQ(from_folders.pixels, from_table.pixels);
    for (std::size_t i = 0; i < characters.size(); ++i) {
        EXPECT_EQ(from_folders.classes[i].name, from_table.classes[i].name);
        EXPECT_EQ(from_folders.classes[i].split, from_table.classes[i].split);
        EXPECT_EQ(from_folders.classes[i].first, from_table.classes[i].first);
        EXPECT_EQ(from_folders.classes[i].count, from_table.classes[i].count);
    }
    EXPECT_EQ(from_folders.classes[0].name, "images_background/Anglo-Saxon_Futhorc/character09");
    EXPECT_EQ(from_folders.classes.back().name, "images_evaluation/Tibetan/character02");
    // Ink is bright, and images follow the drawers: each has its bar lower than the one before.
    const auto centre = [&](Index image) {
        double sum = 0;
        double weighted = 0;
        for (std::size_t i = 0; i < 64; ++i) {
            sum += from_folders.image(image)[i];
            weighted += static_cast<double>(i) * from_folders.image(image)[i];
        }
        return weighted / sum;
    };
    EXPECT_LT(centre(0), centre(1));
    EXPECT_LT(centre(1), centre(2));
}

TEST(Omniglot, SplitFollowsTheTable) {
    for (const Character& character : characters) {
        const Split split = vinyals_split(character.place);
        EXPECT_EQ(split, character.split == std::string("train") ? Split::train
                         : character.split == std::string("val") ? Split::validation
                                                                 : Split::test)
            << character.place.name();
    }
}

TEST(Omniglot, OtherFilesInTheFoldersAreLeftAloneAndNamed) {
    const TemporaryFolder folder;
    write_folders(folder);
    const ImageSet before = read_omniglot_folder(folder.path(), 8);
    EXPECT_THAT(before.notes, ElementsAre());
    write_file(folder.file("images_background/.DS_Store"), {1});
    write_file(folder.file("images_background/Greek/notes.txt"), {1});
    write_file(folder.file("images_background/Greek/character01/._0394_01.png"), {1});
    write_file(folder.file("images_background/Greek/character01/Thumbs.db"), {1});
    write_file(folder.file("images_background/Greek/@eaDir/0394_01.png"), {1});
    write_file(folder.file("images_evaluation/__MACOSX/Tibetan/0394_01.png"), {1});
    write_file(folder.file("images_evaluation/Tibetan/__MACOSX/0394_01.png"), {1});
    const ImageSet after = read_omniglot_folder(folder.path(), 8);
    EXPECT_EQ(after.pixels, before.pixels);
    EXPECT_EQ(after.classes.size(), before.classes.size());
    EXPECT_THAT(after.notes, ElementsAre(folder.path() +
                                         ": left out 7 entries that are no PNG images or classes: .DS_Store, "
                                         "._0394_01.png, @eaDir, Thumbs.db, __MACOSX, notes.txt"));
}

TEST(Omniglot, SuffixesMayBeInCapitals) {
    const TemporaryFolder folder;
    write_folders(folder);
    const ImageSet before = read_omniglot_folder(folder.path(), 8);
    for (Index drawer = 0; drawer < drawers; ++drawer) {
        const std::string name = png_file(folder, characters[1], drawer);
        std::filesystem::rename(name, name.substr(0, name.size() - 3) + (drawer == 1 ? "PNG" : "Png"));
    }
    const ImageSet after = read_omniglot_folder(folder.path(), 8);
    EXPECT_EQ(after.pixels, before.pixels);
    EXPECT_THAT(after.notes, ElementsAre());
}

TEST(Omniglot, ABrokenImageIsNamed) {
    const TemporaryFolder folder;
    write_folders(folder);
    const std::string broken = png_file(folder, characters[1], 1);
    const Bytes good = read_file(broken);
    Bytes flipped = good;
    flipped[good.size() - 20] ^= 0x55U;  // in the compressed pixels
    for (const Bytes& bytes : {Bytes(good.begin(), good.begin() + 50), Bytes(good.begin(), good.end() - 30),
                               Bytes{}, Bytes(200, 'x'), flipped}) {
        write_file(broken, bytes);
        EXPECT_THAT([&] { read_omniglot_folder(folder.path(), 8); },
                    ThrowsMessage<DataError>(AllOf(HasSubstr(broken + ": is not a whole PNG image"))))
            << bytes.size();
    }
    write_png(broken, 19, Bytes(19 * 19, 255));
    EXPECT_THAT(
        [&] { read_omniglot_folder(folder.path(), 8); },
        ThrowsMessage<DataError>(HasSubstr(broken + ": has 19 x 19 pixels, the images before it 20 x 20")));
    for (Index drawer = 0; drawer < 2; ++drawer)
        std::filesystem::remove(png_file(folder, characters[1], drawer));
    EXPECT_THAT(
        [&] { read_omniglot_folder(folder.path(), 8); },
        ThrowsMessage<DataError>(HasSubstr("Greek/character01: has 1 PNG image, an episode needs two")));
}

TEST(Omniglot, AMissingFolderIsNamed) {
    const TemporaryFolder folder;
    write_folders(folder);
    std::filesystem::remove_all(folder.file("images_evaluation"));
    EXPECT_THAT(
        [&] {
            read_images({folder.path(), 8});
        },
        ThrowsMessage<InputError>(
            AllOf(HasSubstr("has no folder images_evaluation"), HasSubstr("unpack images_evaluation.zip"))));
    EXPECT_THAT(
        [&] {
            read_images({folder.file("nowhere"), 8});
        },
        ThrowsMessage<InputError>(HasSubstr("no such folder")));
    std::filesystem::create_directories(folder.file("empty"));
    EXPECT_THAT(
        [&] {
            read_images({folder.file("empty"), 8});
        },
        ThrowsMessage<InputError>(HasSubstr("holds no images that are known")));
}

TEST(Omniglot, MistakesOfATableAreNamedWithTheirLine) {
    const TemporaryFolder folder;
    const auto refuse = [&](const std::string& from, const std::string& to, const std::string& words) {
        std::string text = table_text();
        const std::size_t place = text.find(from);
        ASSERT_NE(place, std::string::npos) << from;
        text.replace(place, from.size(), to);
        write_table(folder, text);
        EXPECT_THAT(
            [&] {
                read_images({folder.path(), 8});
            },
            ThrowsMessage<DataError>(AllOf(HasSubstr("omniglot-classes.tsv: "), HasSubstr(words))));
    };
    refuse("alphabet", "letters", "line 1: no column \"alphabet\"");
    refuse("\tval\t", "\tvalid\t", "line 5: vinyals_split = \"valid\" is not known");
    refuse("\ttrain\t3\t", "\ttrain\tthree\t", "line 3: first_image = \"three\"");
    refuse("\tcharacter42", "", "line 4: has 5 columns, the first line 6");
    refuse("\ttrain\t3\t", "\ttrain\t0\t", "would have 0 images");
    refuse("\ttest\t0\t", "\ttest\t1\t", "no class starts at image 0");
    refuse("\ttrain\t21\t", "\ttrain\t210\t", "of the 24 in");
    write_table(folder);
    std::filesystem::remove(folder.file("omniglot-classes.tsv"));
    EXPECT_THAT(
        [&] {
            read_images({folder.path(), 8});
        },
        ThrowsMessage<InputError>(HasSubstr("omniglot-classes.tsv: no such file")));
}

TEST(Omniglot, FewerClassesThanAskedForIsAMistake) {
    const TemporaryFolder folder;
    write_table(folder);
    EXPECT_EQ(read_images({folder.path(), 8, 3}).classes.size(), characters.size() - 1);
    EXPECT_THAT(
        [&] {
            read_images({folder.path(), 8, 5});
        },
        ThrowsMessage<UsageError>(
            "omniglot: 5 training classes were asked for, there are 4; choose at most 4"));
}

TEST(Omniglot, RealImagesAreAsPublished) {
    if (!real_images()) GTEST_SKIP() << no_real_images;
    const TemporaryFolder folder;
    const ImageSet set = read_images({*real_images() + "/omniglot", 32});
    EXPECT_EQ(set.images(), 32460);
    std::map<Split, Index> sizes;
    for (const ImageClass& one : set.classes) {
        EXPECT_EQ(one.count, 20);
        ++sizes[one.split];
        const std::size_t first = one.name.find('/');
        const std::size_t second = one.name.find('/', first + 1);
        EXPECT_EQ(one.split,
                  vinyals_split({one.name.substr(0, first), one.name.substr(first + 1, second - first - 1),
                                 one.name.substr(second + 1)}))
            << one.name;
    }
    EXPECT_EQ(sizes[Split::train], 1028);
    EXPECT_EQ(sizes[Split::validation], 172);
    EXPECT_EQ(sizes[Split::test], 423);

    const std::span<const std::uint8_t> image = set.image(0);
    EXPECT_EQ(set.classes[0].name, "images_background/Alphabet_of_the_Magi/character01");
    EXPECT_EQ(std::accumulate(image.begin(), image.end(), 0), 21405);
    EXPECT_EQ(*std::max_element(image.begin(), image.end()), 255);
    EXPECT_EQ(std::count_if(image.begin(), image.end(), [](int pixel) { return pixel > 0; }), 179);
    EXPECT_EQ(md5(folder, {image.begin(), image.end()}), "2144d1b59b90085c18a2add286995e32");
}

}  // namespace
}  // namespace attnpaths
