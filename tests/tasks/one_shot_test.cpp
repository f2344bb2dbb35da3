#include "tasks/one_shot/one_shot.hpp"

#include "base/error.hpp"
#include "datasets/balanced_subset.hpp"
#include "datasets/dataset_file.hpp"
#include "h5/input_file.hpp"
#include "h5/whole_file.hpp"
#include "images/glyphs.hpp"
#include "images/image_files.hpp"
#include "tasks/one_shot/one_shot_file.hpp"
#include "tasks/one_shot/random_heads.hpp"
#include "tasks/one_shot/sinusoidal_positions.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace attnpaths {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

const ImageSet& glyphs() {
    static const ImageSet set = make_glyphs({8, 3, 3, 6, 1}, 32);
    return set;
}

/// Token `token` of an episode, from the definition: patch, grey value three times, normalised; position;
/// label.
Vector token_by_definition(const ImageSet& set, const Episode& episode, Index token, const Matrix& labels) {
    const auto place = static_cast<std::size_t>(token / 16);
    const Index patch_row = token % 16 / 4;
    const Index patch_column = token % 4;
    Vector features(192);
    for (Index row = 0; row < 8; ++row)
        for (Index column = 0; column < 8; ++column)
            for (Index channel = 0; channel < 3; ++channel)
                features((row * 8 + column) * 3 + channel) =
                    (set.image(episode.images[place])[static_cast<std::size_t>((8 * patch_row + row) * 32 +
                                                                               8 * patch_column + column)] /
                         255.0 -
                     0.922) /
                    0.084;
    features.array() -= features.mean();
    features /= std::sqrt(features.squaredNorm() / 192 + 1e-5);
    return features + standardised_positions(48, 192).col(token) +
           labels.col(static_cast<Index>(episode.labels[place]));
}

TEST(EpisodeTokens, FollowTheDefinition) {
    const Matrix labels = draw_label_vectors(3, 192);
    const EpisodeTokens tokens(glyphs(), {}, labels);
    const EpisodeStream episodes(glyphs(), Split::train, 1, "tokens test");
    ASSERT_EQ(tokens.tokens(), 48);
    ASSERT_EQ(tokens.input_width(), 192);
    Eigen::MatrixXf x(192, 48);
    for (std::uint64_t i = 0; i < 4; ++i) {
        const Episode episode = episodes[i];
        tokens.expand(episode, {x.data(), static_cast<std::size_t>(x.size())});
        for (Index token = 0; token < 48; ++token)
            EXPECT_LT((x.col(token).cast<double>() - token_by_definition(glyphs(), episode, token, labels))
                          .cwiseAbs()
                          .maxCoeff(),
                      2e-6);
    }
}

TEST(EpisodeTokens, ABlankPatchIsPositionAndLabelAlone) {
    ImageSet set = glyphs();
    std::fill(set.pixels.begin(), set.pixels.end(), std::uint8_t{119});
    const Matrix labels = draw_label_vectors(3, 192);
    const EpisodeTokens tokens(set, {}, labels);
    const Episode episode = EpisodeStream(set, Split::train, 1, "blank")[0];
    Eigen::MatrixXf x(192, 48);
    tokens.expand(episode, {x.data(), static_cast<std::size_t>(x.size())});
    const Matrix positions = standardised_positions(48, 192);
    for (Index token = 0; token < 48; ++token) {
        const auto label = static_cast<Index>(episode.labels[static_cast<std::size_t>(token / 16)]);
        EXPECT_EQ(x.col(token), (positions.col(token) + labels.col(label)).cast<float>());
    }
}

TEST(EpisodeTokens, ServeAnyPatchThatDividesTheImage) {
    const ImageSet set = make_glyphs({2, 2, 2, 2, 1}, 20);
    const EpisodeStream episodes(set, Split::train, 1, "sizes");
    for (const PatchShape patch : {PatchShape{5, 1}, PatchShape{4, 2}, PatchShape{20, 4}, PatchShape{1, 3}}) {
        const EpisodeTokens tokens(set, patch, draw_label_vectors(1, patch.width()));
        EXPECT_EQ(tokens.tokens(), 3 * (20 / patch.size) * (20 / patch.size));
        EXPECT_EQ(tokens.values(), 3 * 400 * patch.channels);
        std::vector<float> x(static_cast<std::size_t>(tokens.values()) + 1, 7.F);
        tokens.expand(episodes[0], std::span(x).first(x.size() - 1));
        EXPECT_EQ(x.back(), 7.F);
        for (const float value : x) ASSERT_TRUE(std::isfinite(value));
    }
    EXPECT_THAT(
        [&] {
            EpisodeTokens(set, {8, 3}, draw_label_vectors(1, 192));
        },
        ThrowsMessage<UsageError>(HasSubstr("20 x 20 pixels are not whole patches of 8 x 8")));
}

TEST(EpisodeTokens, LabelVectorsAreStandardNormal) {
    const Matrix labels = draw_label_vectors(1, 20000);
    for (Index label = 0; label < 3; ++label) {
        EXPECT_NEAR(labels.col(label).mean(), 0, 5 / std::sqrt(20000.));
        EXPECT_NEAR(labels.col(label).squaredNorm() / 20000, 1, 5 * std::sqrt(2 / 20000.));
    }
    EXPECT_NEAR(labels.col(0).dot(labels.col(1)) / 20000, 0, 5 / std::sqrt(20000.));
    EXPECT_EQ(labels, labels.cast<float>().cast<double>());
    EXPECT_NE(draw_label_vectors(1, 4), draw_label_vectors(2, 4));
}

OneShotTask small_one_shot() {
    OneShotTask task;
    task.examples = 20;
    task.test_examples = 8;
    task.validation_examples = 6;
    return task;
}

Dataset dataset_of(const OneShotTask& task, const std::vector<ImageSet>& fixed = {}) {
    return make_one_shot(task, glyphs(), fixed, draw_label_vectors(task.seed, task.patch.width()));
}

TEST(OneShot, HasTheShapeOfThePaper) {
    const Dataset data = dataset_of({});
    EXPECT_EQ(data.input_width, 192);
    EXPECT_EQ(data.train.tokens, 48);
    EXPECT_EQ(data.train.x.cols(), 600 * 48);
    EXPECT_EQ(data.readout, Readout::average);
    ASSERT_EQ(data.tests.size(), 2U);
    EXPECT_EQ(data.tests[0].name, "test");
    EXPECT_EQ(data.tests[1].name, "validation");
    for (const ExampleSet* set : {&data.train, &data.tests[0], &data.tests[1]}) EXPECT_EQ(set->y.sum(), 0);
    // Three terms of order one, the patch absent where it is blank.
    const double size = data.train.x.squaredNorm() / static_cast<double>(data.train.x.size());
    EXPECT_GT(size, 2);
    EXPECT_LT(size, 3.2);
}

TEST(OneShot, AnExampleDoesNotDependOnHowManyThereAre) {
    OneShotTask task = small_one_shot();
    const Dataset large = dataset_of(task);
    task.examples = 10;
    task.test_examples = 4;
    task.validation_examples = 0;
    const Dataset small = dataset_of(task);
    EXPECT_EQ(small.train.x, large.train.x.leftCols(10 * 48));
    EXPECT_EQ(small.tests[0].x, large.tests[0].x.leftCols(4 * 48));
    EXPECT_EQ(small.tests.size(), 1U);
    // What a sweep takes from the larger set is what the smaller one holds.
    EXPECT_EQ(balanced_subset(small.train.y, 10, "task"), balanced_subset(large.train.y, 10, "task"));
    EXPECT_NE(large.train.x.leftCols(48), large.tests[0].x.leftCols(48));
    task.seed = 2;
    EXPECT_NE(dataset_of(task).train.x, small.train.x);
}

TEST(OneShot, FixedProblemsBecomeTestSets) {
    ImageSet digits = make_glyphs({2, 0, 2, 30, 5}, 32);
    digits.name = "digits";
    digits.classes[2].count = 10;  // test images of the first class: the second's contexts begin there
    const Dataset data = dataset_of(small_one_shot(), {digits});
    ASSERT_EQ(data.tests.size(), 3U);
    EXPECT_EQ(data.tests[2].name, "digits");
    EXPECT_EQ(data.tests[2].examples(), 8);
    EXPECT_EQ(data.tests[2].y.topRows(4).sum(), -4);
    digits.size = 16;
    digits.pixels.resize(digits.pixels.size() / 4);
    EXPECT_THAT([&] { dataset_of(small_one_shot(), {digits}); },
                ThrowsMessage<UsageError>(HasSubstr("digits: its images are of 16 x 16 pixels")));
}

TEST(OneShot, NumbersOutOfRangeAreNamed) {
    for (const auto& [number, key] :
         {std::pair{&OneShotTask::examples, "examples = 7"},
          std::pair{&OneShotTask::test_examples, "task.test_examples = 7"},
          std::pair{&OneShotTask::validation_examples, "task.validation_examples = 7"}}) {
        OneShotTask task = small_one_shot();
        task.*number = 7;
        EXPECT_THAT([&] { dataset_of(task); }, ThrowsMessage<UsageError>(HasSubstr(key)));
    }
}

TEST(OneShotFile, NotesAndHeadsRoundTrip) {
    h5::initialise();
    const TemporaryFolder folder;
    Dataset data = dataset_of(small_one_shot());
    data.layers = make_random_heads({2, 3}, 5, 192, 1);
    const Matrix labels = draw_label_vectors(1, 192);
    const OneShotNotes notes = describe_one_shot(glyphs(), {}, labels, 1);
    write_dataset_file(data, folder.file("a.h5"), false, [&](h5::File& file) { write_notes(file, notes); });

    EXPECT_EQ(content_hash(read_dataset_file(folder.file("a.h5"))), content_hash(data));
    const Dataset heads = read_dataset_heads(folder.file("a.h5"));
    EXPECT_EQ(heads.layers[1][2].query, data.layers[1][2].query);
    EXPECT_EQ(heads.train.x.size(), 0);
    const std::optional<OneShotNotes> back = read_notes(folder.file("a.h5"));
    ASSERT_TRUE(back.has_value());
    EXPECT_EQ(back->label_vectors, labels);
    EXPECT_EQ(back->image_size, 32);
    EXPECT_EQ(back->patch.size, 8);
    EXPECT_EQ(back->train_classes, 8);
    EXPECT_EQ(back->first_image, notes.first_image);
    EXPECT_EQ(h5::InputFile(folder.file("a.h5")).read_integer_attribute("/one-shot", "first_image_sum"),
              check_values(notes).sum);

    write_dataset_file(data, folder.file("b.h5"));
    EXPECT_FALSE(read_notes(folder.file("b.h5")).has_value());
}

TEST(RandomHeads, HaveTheirScaleAndDoNotDependOnHowManyThereAre) {
    const HeadLayers large = make_random_heads({3, 2}, 100, 400, 1);
    const HeadLayers small = make_random_heads({2}, 100, 400, 1);
    EXPECT_EQ(small[0][1].query, large[0][1].query);
    EXPECT_NE(large[0][0].query, large[0][1].query);
    EXPECT_NE(large[0][0].query, large[1][0].query);
    EXPECT_NE(large[0][0].query, large[0][0].key);
    EXPECT_NEAR(large[0][0].query.squaredNorm() / 100, 1, 5 * std::sqrt(2 / 40000.));
}

}  // namespace
}  // namespace attnpaths
