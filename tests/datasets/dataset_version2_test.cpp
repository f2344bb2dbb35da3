// Data set files of version 2: padding, attention outright, readout by index, tokens first.
#include "datasets/dataset_file_case.hpp"
#include "network/attention.hpp"
#include "network/path_features.hpp"

#include <cmath>
#include <limits>

namespace attnpaths {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

class DatasetVersion2 : public DatasetFileCase {
  protected:
    static Matrix features(const Dataset& data) {
        return path_features(data.train, data.layers, data.attention, data.readout);
    }
};

TEST_F(DatasetVersion2, HoldsWhatVersion1Held) {
    const Dataset old = read(Pieces());
    const Dataset now = read(Version2Pieces());
    EXPECT_EQ(content_hash(now), content_hash(old));
    EXPECT_EQ(features(now), features(old));
    EXPECT_THAT(now.notes, IsEmpty());
    Version2Pieces without_kind;
    without_kind.texts.erase("attention");
    EXPECT_EQ(content_hash(read(without_kind)), content_hash(old));
}

TEST_F(DatasetVersion2, TokensMayComeFirst) {
    Version2Pieces pieces;
    const Dataset expected = read(pieces);
    for (auto& [object, array] : pieces.arrays) {
        if (!object.ends_with("/x")) continue;
        const h5::Array<double> old = array;
        array.shape = {old.shape[0], 2, 3};
        for (std::size_t i = 0; i < old.values.size(); ++i)
            array.values[i / 6 * 6 + i % 2 * 3 + i / 2 % 3] = old.values[i];
    }
    pieces.texts["layout"] = "tokens-first";
    EXPECT_EQ(content_hash(read(pieces)), content_hash(expected));
    pieces.texts["layout"] = "sideways";
    refuse(pieces, {"attribute layout = \"sideways\"", "tokens-first"});
}

TEST_F(DatasetVersion2, ExamplesWithoutLabelsAreReadAndWritten) {
    Version2Pieces pieces;
    const std::string hash = content_hash(read(pieces));
    pieces.arrays["/unlabelled/x"] = pieces.arrays.at("/train/x");
    const Dataset data = read(pieces);
    EXPECT_THAT(data.notes, IsEmpty());
    EXPECT_EQ(data.unlabelled.examples(), data.train.examples());
    EXPECT_EQ(data.unlabelled.y.cols(), 0);
    EXPECT_EQ(data.unlabelled.x, data.train.x);
    EXPECT_NE(content_hash(data), hash);
    write_dataset_file(data, file("again.h5"));
    EXPECT_EQ(content_hash(read_dataset_file(file("again.h5"))), content_hash(data));

    Version2Pieces with_labels = pieces;
    with_labels.arrays["/unlabelled/y"] = pieces.arrays.at("/train/y");
    refuse(with_labels, {"/unlabelled/y is there", "/test-NAME"});
    Version2Pieces narrow = pieces;
    narrow.arrays["/unlabelled/x"] = {{1, 2, 2}, {1, 2, 3, 4}};
    refuse(narrow, {"/unlabelled/x: has shape [1, 2, 2], expected [1, 3, 2]"});
    Version2Pieces infinite = pieces;
    infinite.arrays["/unlabelled/x"].values[0] = infinity;
    refuse(infinite, {"/unlabelled/x: example 0", "must be finite"});
}

TEST_F(DatasetVersion2, LengthsAndMasksSayTheSameAndPaddingSaysNothing) {
    Version2Pieces lengths;
    lengths.set("/train/lengths", {4}, {1, 2, 2, 1});
    Version2Pieces mask;
    mask.set("/train/mask", {4, 2}, {1, 0, 1, 1, 1, 1, 1, 0});
    const Dataset data = read(lengths);
    EXPECT_EQ(data.train.mask(1, 0), false);
    EXPECT_EQ(data.train.mask(1, 1), true);
    EXPECT_THAT(data.notes, IsEmpty());
    EXPECT_EQ(content_hash(read(mask)), content_hash(data));
    Version2Pieces other = mask;
    for (const std::size_t feature : {0U, 1U, 2U}) other.arrays["/train/x"].values[feature * 2 + 1] = nan;
    EXPECT_EQ(content_hash(read(other)), content_hash(data));
    EXPECT_EQ(features(read(other)), features(data));
    EXPECT_NE(content_hash(read(Version2Pieces())), content_hash(data));
    Version2Pieces full;
    full.set("/train/lengths", {4}, {2, 2, 2, 2});
    EXPECT_EQ(content_hash(read(full)), content_hash(read(Version2Pieces())));
}

TEST_F(DatasetVersion2, AttentionOfTheExamplesStandsInForWeights) {
    Version2Pieces pieces;
    const Dataset scored = read(pieces);
    pieces.use_maps();
    for (const auto& [group, set] : {std::pair{"/train", &scored.train}, {"/test", &scored.tests[0]}})
        for (std::size_t layer = 0; layer < 2; ++layer) {
            std::vector<double>& values =
                pieces.arrays[group + std::string("/attention/layer") + std::to_string(layer + 1)].values;
            values.clear();
            for (Index example = 0; example < set->examples(); ++example)
                for (const AttentionHead& head : scored.layers[layer]) {
                    const Matrix map =
                        attention(head, set->x.middleCols(example * 2, 2), AttentionKind::softmax);
                    values.insert(values.end(), map.data(), map.data() + map.size());
                }
        }
    const Dataset mapped = read(pieces);
    EXPECT_THAT(mapped.heads(), ElementsAre(2, 1));
    EXPECT_THAT(mapped.notes, IsEmpty());
    EXPECT_LT((features(mapped) - features(scored)).cwiseAbs().maxCoeff(), 1e-14);
    EXPECT_NE(content_hash(mapped), content_hash(scored));

    // In half precision, as a model on a graphics card may have it.
    for (auto& [object, array] : pieces.arrays)
        if (object.find("/attention/") != std::string::npos)
            for (double& value : array.values) value = std::round(value * 1024) / 1024;
    const Dataset rough = read(pieces);
    EXPECT_LT((features(rough) - features(scored)).cwiseAbs().maxCoeff(), 0.01);
}

TEST_F(DatasetVersion2, RowsThatRoundingTookFrom1AreBroughtBackAndThatIsSaidOnce) {
    Version2Pieces pieces;
    pieces.use_maps();
    for (const char* object : {"/train/attention/layer1", "/test/attention/layer2"})
        for (double& value : pieces.arrays[object].values)
            value = static_cast<double>(static_cast<float>(value * (1 + 2e-7)));
    EXPECT_THAT(read(pieces).notes, ElementsAre(testing::AllOf(HasSubstr("rows of attention sum to 1 within"),
                                                               HasSubstr("24 bits"))));
}

TEST_F(DatasetVersion2, SharedAttentionEqualsTheSameMapsForAll) {
    Version2Pieces shared;
    shared.use_maps();
    Version2Pieces maps = shared;
    for (const char* group : {"/train", "/test"}) {
        shared.arrays.erase(group + std::string("/attention/layer1"));
        std::vector<double>& values = maps.arrays[group + std::string("/attention/layer1")].values;
        const std::vector<double> one{0.25, 0.75, 1, 0, 0.5, 0.5, 0.125, 0.875};
        for (std::size_t i = 0; i < values.size(); ++i) values[i] = one[i % one.size()];
        shared.set("/heads/layer1/attention", {2, 2, 2}, one);
    }
    EXPECT_EQ(features(read(shared)), features(read(maps)));
    shared.set("/heads/layer1/attention", {2, 2, 2}, {1, 0, 1, 0, 1, 0, 0.5, 0.4});
    refuse(shared, {"/heads/layer1/attention: head 1, query 1", "sums to 0.9"});
    shared.set("/heads/layer1/attention", {1, 3, 3}, {1, 0, 0, 1, 0, 0, 1, 0, 0});
    refuse(shared, {"/heads/layer1/attention: has shape [1, 3, 3], but a set has 2 tokens"});
}

TEST_F(DatasetVersion2, ReadoutByIndex) {
    Version2Pieces pieces;
    const Dataset last = read(pieces);
    pieces.texts.erase("readout");
    pieces.set("/train/readout", {4}, {1, 1, 1, 1});
    pieces.set("/test/readout", {2}, {1, 1});
    const Dataset data = read(pieces);
    EXPECT_EQ(data.readout, Readout::index);
    EXPECT_EQ(features(data), features(last));
    pieces.arrays["/train/readout"].values = {0, 1, 0, 1};
    EXPECT_NE(content_hash(read(pieces)), content_hash(data));
}

TEST_F(DatasetVersion2, BiasesAndCausalMasksOfScores) {
    Version2Pieces causal;
    causal.texts["readout"] = "average";
    Version2Pieces masked = causal;
    causal.causal_layer = 1;
    masked.set("/heads/layer1/bias", {1, 2, 2}, {0, -infinity, 0, 0});  // [queries, keys]
    Version2Pieces relative = masked;
    relative.arrays.erase("/heads/layer1/bias");
    relative.set("/heads/layer1/relative_bias", {2, 3}, {0, 0, -infinity, 0, 0, -infinity});
    const Dataset data = read(causal);
    EXPECT_TRUE(data.layers[0][1].causal);
    EXPECT_FALSE(data.layers[1][0].causal);
    EXPECT_THAT(data.notes, IsEmpty());
    EXPECT_EQ(features(read(masked)), features(data));
    EXPECT_EQ(features(read(relative)), features(data));
    EXPECT_NE(content_hash(read(relative)), content_hash(read(masked)));

    Version2Pieces shifted;
    shifted.set("/heads/layer2/q_bias", {1, 5});
    shifted.set("/heads/layer2/k_bias", {1, 5});
    EXPECT_EQ(read(shifted).layers[1][0].query_bias(1), -2);
    EXPECT_EQ(read(shifted).layers[1][0].key_bias(4), 1);
    EXPECT_NE(features(read(shifted)), features(read(Version2Pieces())));
}

TEST_F(DatasetVersion2, TextsAndWholeNumbersAreClasses) {
    Version2Pieces pieces;
    pieces.arrays.erase("/train/y");
    pieces.arrays.erase("/test/y");
    pieces.strings["/train/y"] = {"b", "a", "c", "a"};
    pieces.strings["/test/y"] = {"a", "c"};
    const Dataset data = read(pieces);
    EXPECT_EQ(data.outputs(), 3);
    EXPECT_THAT(data.class_names, ElementsAre("a", "b", "c"));
    EXPECT_EQ(data.train.y.row(2), Matrix::Identity(3, 3).row(2));
    pieces.strings["/test/y"] = {"a", "d"};
    refuse(pieces, {"/test/y: example 1", "the label d", "a, b and c"});
    pieces.strings["/train/y"] = {"a", "a", "a", "a"};
    pieces.strings["/test/y"] = {"a", "a"};
    refuse(pieces, {"/train/y: all labels are a; give examples of two classes"});
}

TEST_F(DatasetVersion2, WhatIsNotReadIsNoted) {
    Version2Pieces pieces;
    pieces.use_maps();
    pieces.set("/train/attention_mask", {4, 2});
    pieces.set("/test/attention/layer3", {2, 1, 2, 2});
    EXPECT_THAT(
        read(pieces).notes,
        ElementsAre("/train/attention_mask, /test/attention/layer3 are not read: a data set file does "
                    "not know them"));
}

}  // namespace
}  // namespace attnpaths
