#include "images/image_set.hpp"

#include "images/glyphs.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

namespace attnpaths {
namespace {

GlyphAlphabet small_alphabet() {
    return {3, 2, 2, 4, 1};
}

/// The pixels of an image, as a text that can be compared and sorted.
std::string copy_of(const ImageSet& set, Index image) {
    const std::span<const std::uint8_t> pixels = set.image(image);
    return {pixels.begin(), pixels.end()};
}

TEST(Glyphs, AreAsManyAsAskedFor) {
    const ImageSet set = make_glyphs(small_alphabet(), 16);
    EXPECT_EQ(set.images(), 7 * 4);
    EXPECT_EQ(set.classes_of(Split::train).size(), 3U);
    EXPECT_EQ(set.classes_of(Split::validation).size(), 2U);
    EXPECT_EQ(set.classes_of(Split::test).size(), 2U);
    std::set<std::string> different;
    for (Index image = 0; image < set.images(); ++image) {
        different.insert(copy_of(set, image));
        EXPECT_GT(*std::max_element(set.image(image).begin(), set.image(image).end()), 60) << image;
    }
    EXPECT_EQ(different.size(), 28U);
}

TEST(Glyphs, AnImageDoesNotDependOnHowManyThereAre) {
    const ImageSet small = make_glyphs(small_alphabet(), 16);
    GlyphAlphabet more = small_alphabet();
    more.train_classes = 5;
    more.images_per_class = 6;
    const ImageSet large = make_glyphs(more, 16);
    for (const Split split : {Split::train, Split::validation, Split::test}) {
        const std::vector<ImageClass> few = small.classes_of(split);
        const std::vector<ImageClass> many = large.classes_of(split);
        for (std::size_t i = 0; i < few.size(); ++i)
            for (Index number = 0; number < 4; ++number)
                EXPECT_EQ(copy_of(small, few[i].first + number), copy_of(large, many[i].first + number));
    }
    more.seed = 2;
    EXPECT_NE(make_glyphs(more, 16).pixels, large.pixels);
}

double distance(const ImageSet& set, Index first, Index second) {
    double sum = 0;
    for (std::size_t i = 0; i < set.image(first).size(); ++i) {
        const double difference = set.image(first)[i] - set.image(second)[i];
        sum += difference * difference;
    }
    return sum;
}

TEST(Glyphs, ImagesOfAClassAreNearerThanImagesOfOthers) {
    GlyphAlphabet alphabet;
    alphabet.train_classes = 20;
    const ImageSet set = make_glyphs(alphabet, 16);
    Index nearer = 0;
    for (Index one = 0; one < 20; ++one)
        for (Index other = 0; other < 20; ++other)
            if (one != other && distance(set, 20 * one, 20 * one + 1) < distance(set, 20 * one, 20 * other))
                ++nearer;
    EXPECT_GT(nearer, 0.9 * 380);
}

TEST(ImageSet, RotationsAddTrainingClasses) {
    const ImageSet original = make_glyphs(small_alphabet(), 16);
    ImageSet set = original;
    add_rotated_classes(set);
    EXPECT_EQ(set.classes_of(Split::train).size(), 12U);
    EXPECT_EQ(set.classes_of(Split::test).size(), 2U);
    EXPECT_EQ(set.images(), original.images() + 9 * 4);
    for (Index image = 0; image < original.images(); ++image)
        EXPECT_EQ(copy_of(set, image), copy_of(original, image));
    const std::vector<ImageClass> train = set.classes_of(Split::train);
    EXPECT_EQ(train[4].name, "train glyph 2 turned by 90");
    for (std::size_t row = 0; row < 16; ++row) {
        for (std::size_t column = 0; column < 16; ++column) {
            const std::uint8_t pixel = set.image(train[1].first + 2)[row * 16 + column];
            EXPECT_EQ(set.image(train[4].first + 2)[(15 - column) * 16 + row], pixel);
            EXPECT_EQ(set.image(train[7].first + 2)[(15 - row) * 16 + (15 - column)], pixel);
            EXPECT_EQ(set.image(train[10].first + 2)[column * 16 + (15 - row)], pixel);
        }
    }
}

}  // namespace
}  // namespace attnpaths
