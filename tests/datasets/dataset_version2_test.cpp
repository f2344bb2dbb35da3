// Data set files of version 2: padding, attention outright, readout by index, tokens first.
#include "base/error.hpp"
#include "datasets/dataset_file.hpp"
#include "datasets/pieces.hpp"
#include "h5/file.hpp"
#include "network/attention.hpp"
#include "network/path_features.hpp"
#include "support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>

namespace attnpaths {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

struct NewPieces : Pieces {
    NewPieces() { integers["version"] = 2; }

    /// Takes the weights of both layers away and gives maps: of 2 heads in layer 1, of 1 in layer 2.
    void use_maps() {
        for (const char* object : {"/heads/layer1/W", "/heads/layer2/Q", "/heads/layer2/K"})
            arrays.erase(object);
        for (const auto& [group, examples] : {std::pair{"/train", hsize_t{4}}, {"/test", hsize_t{2}}})
            for (const auto& [layer, heads] : {std::pair{"1", hsize_t{2}}, {"2", hsize_t{1}}}) {
                h5::Array<double> maps{{examples, heads, 2, 2}, {}};
                for (hsize_t row = 0; row < examples * heads * 2; ++row) {
                    const double first = static_cast<double>(row % 5) / 7;
                    maps.values.insert(maps.values.end(), {first, 1 - first});
                }
                arrays[group + std::string("/attention/layer") + layer] = maps;
            }
    }
};

class DatasetVersion2 : public testing::Test {
  protected:
    void SetUp() override { h5::initialise(); }
    Dataset read(const Pieces& pieces) {
        const std::string path = folder_.file("a" + std::to_string(number_++) + ".h5");
        pieces.write(path);
        return read_dataset_file(path);
    }
    /// Reading says in one line all of these words.
    void refuse(const Pieces& pieces, const std::vector<std::string>& words) {
        try {
            read(pieces);
            ADD_FAILURE() << "accepted, should have said: " << words.front();
        } catch (const DataError& error) {
            const std::string message = error.what();
            EXPECT_THAT(message, testing::StartsWith(folder_.path()));
            EXPECT_THAT(message, testing::Not(HasSubstr("\n")));
            for (const std::string& word : words) EXPECT_THAT(message, HasSubstr(word));
        }
    }
    static Matrix features(const Dataset& data) {
        return path_features(data.train, data.layers, data.attention, data.readout);
    }

  private:
    TemporaryFolder folder_;
    int number_ = 0;
};

TEST_F(DatasetVersion2, HoldsWhatVersion1Held) {
    const Dataset old = read(Pieces());
    const Dataset now = read(NewPieces());
    EXPECT_EQ(content_hash(now), content_hash(old));
    EXPECT_EQ(features(now), features(old));
    EXPECT_THAT(now.notes, IsEmpty());
    NewPieces without_kind;
    without_kind.texts.erase("attention");
    EXPECT_EQ(content_hash(read(without_kind)), content_hash(old));
}

TEST_F(DatasetVersion2, TokensMayComeFirst) {
    NewPieces pieces;
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

TEST_F(DatasetVersion2, LengthsAndMasksSayTheSameAndPaddingSaysNothing) {
    NewPieces lengths;
    lengths.set("/train/lengths", {4}, {1, 2, 2, 1});
    NewPieces mask;
    mask.set("/train/mask", {4, 2}, {1, 0, 1, 1, 1, 1, 1, 0});
    const Dataset data = read(lengths);
    EXPECT_EQ(data.train.mask(1, 0), false);
    EXPECT_EQ(data.train.mask(1, 1), true);
    EXPECT_THAT(data.notes, IsEmpty());
    EXPECT_EQ(content_hash(read(mask)), content_hash(data));
    NewPieces other = mask;
    for (const std::size_t feature : {0U, 1U, 2U}) other.arrays["/train/x"].values[feature * 2 + 1] = nan;
    EXPECT_EQ(content_hash(read(other)), content_hash(data));
    EXPECT_EQ(features(read(other)), features(data));
    EXPECT_NE(content_hash(read(NewPieces())), content_hash(data));
    NewPieces full;
    full.set("/train/lengths", {4}, {2, 2, 2, 2});
    EXPECT_EQ(content_hash(read(full)), content_hash(read(NewPieces())));
}

TEST_F(DatasetVersion2, AttentionOfTheExamplesStandsInForWeights) {
    NewPieces pieces;
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
    NewPieces pieces;
    pieces.use_maps();
    for (const char* object : {"/train/attention/layer1", "/test/attention/layer2"})
        for (double& value : pieces.arrays[object].values)
            value = static_cast<double>(static_cast<float>(value * (1 + 2e-7)));
    EXPECT_THAT(read(pieces).notes, ElementsAre(testing::AllOf(HasSubstr("rows of attention sum to 1 within"),
                                                               HasSubstr("24 bits"))));
}

TEST_F(DatasetVersion2, SharedAttentionEqualsTheSameMapsForAll) {
    NewPieces shared;
    shared.use_maps();
    NewPieces maps = shared;
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
    NewPieces pieces;
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
    NewPieces causal;
    causal.texts["readout"] = "average";
    NewPieces masked = causal;
    causal.causal_layer = 1;
    masked.set("/heads/layer1/bias", {1, 2, 2}, {0, -infinity, 0, 0});  // [queries, keys]
    NewPieces relative = masked;
    relative.arrays.erase("/heads/layer1/bias");
    relative.set("/heads/layer1/relative_bias", {2, 3}, {0, 0, -infinity, 0, 0, -infinity});
    const Dataset data = read(causal);
    EXPECT_TRUE(data.layers[0][1].causal);
    EXPECT_FALSE(data.layers[1][0].causal);
    EXPECT_THAT(data.notes, IsEmpty());
    EXPECT_EQ(features(read(masked)), features(data));
    EXPECT_EQ(features(read(relative)), features(data));
    EXPECT_NE(content_hash(read(relative)), content_hash(read(masked)));

    NewPieces shifted;
    shifted.set("/heads/layer2/q_bias", {1, 5});
    shifted.set("/heads/layer2/k_bias", {1, 5});
    EXPECT_EQ(read(shifted).layers[1][0].query_bias(1), -2);
    EXPECT_EQ(read(shifted).layers[1][0].key_bias(4), 1);
    EXPECT_NE(features(read(shifted)), features(read(NewPieces())));
}

TEST_F(DatasetVersion2, TextsAndWholeNumbersAreClasses) {
    NewPieces pieces;
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

TEST_F(DatasetVersion2, EachMistakeIsNamedWithFileAndObject) {
    struct Case {
        std::function<void(NewPieces&)> spoil;
        std::vector<std::string> words;
    };
    const auto maps = [](std::size_t place, double value) {
        return [=](NewPieces& p) {
            p.use_maps();
            p.arrays["/train/attention/layer1"].values[place] = value;
        };
    };
    const Case cases[] = {
        {maps(1 * 8 + 1 * 4 + 0 * 2 + 1, 0.25),
         {"/train/attention/layer1: example 1, head 1, query 0", "sums to", "must sum to 1"}},
        {maps(1 * 8 + 1 * 4 + 0 * 2 + 1, -0.25),
         {"/train/attention/layer1: example 1, head 1, query 0", "attention to key 1 is -0.25"}},
        {maps(17, nan), {"/train/attention/layer1: example 2, head 0, query 0", "attention to key 1 is nan"}},
        {[](NewPieces& p) {
             p.use_maps();
             p.set("/train/lengths", {4}, {1, 2, 2, 2});
         },
         {"/train/attention/layer1: example 0, head 0, query 0", "sums to 0 and that to padding to 1"}},
        {[](NewPieces& p) {
             p.use_maps();
             p.set("/train/attention/layer1", {4, 2, 2, 3});
         },
         {"/train/attention/layer1 has shape [4, 2, 2, 3], expected [P, H, tokens, tokens] = [4, 2, 2, 2]"}},
        {[](NewPieces& p) {
             p.use_maps();
             p.set("/test/attention/layer1", {2, 1, 2, 2});
         },
         {"/test/attention/layer1 has shape [2, 1, 2, 2], expected", "[2, 2, 2, 2]"}},
        {[](NewPieces& p) {
             p.use_maps();
             p.set("/train/attention/layer2", {4, 4});
         },
         {"/train/attention/layer2 has shape [4, 4], expected [P, H, queries, keys]"}},
        {[](NewPieces& p) {
             p.use_maps();
             p.arrays.erase("/test/attention/layer2");
         },
         {"/test/attention/layer2 is missing"}},
        {[](NewPieces& p) {
             p.use_maps();
             p.set("/heads/layer1/W", {2, 3, 3});
         },
         {"/train/attention/layer1 and /heads/layer1/W both give the attention", "keep one"}},
        {[](NewPieces& p) {
             p.set("/heads/layer1/attention", {2, 2, 2}, {1, 0, 1, 0, 1, 0, 1, 0});
         },
         {"/heads/layer1 gives both attention and W"}},
        {[](NewPieces& p) {
             p.set("/train/mask", {4, 2}, {1, 1, 0, 0, 1, 1, 1, 1});
         },
         {"/train/mask: example 1", "has no token"}},
        {[](NewPieces& p) {
             p.set("/train/mask", {4, 2}, {1, 1, 1, 0.5, 1, 1, 1, 1});
         },
         {"/train/mask: example 1, token 1", "is 0.5"}},
        {[](NewPieces& p) {
             p.set("/train/mask", {2, 4}, {1, 1, 1, 1, 1, 1, 1, 1});
         },
         {"/train/mask has shape [2, 4], expected [4, 2]"}},
        {[](NewPieces& p) {
             p.set("/train/lengths", {4}, {2, 2, 3, 1});
         },
         {"/train/lengths: example 2", "length 3", "x has 2 tokens"}},
        {[](NewPieces& p) {
             p.set("/train/lengths", {4}, {2, 0, 1, 1});
         },
         {"/train/lengths: example 1", "length 0"}},
        {[](NewPieces& p) {
             p.set("/train/lengths", {4}, {2, 1, 1, 1});
             p.set("/train/mask", {4, 2});
         },
         {"/train gives both lengths and mask"}},
        {[](NewPieces& p) {
             p.texts["readout"] = "index";
             p.set("/train/readout", {4}, {0, 1, 2, 0});
         },
         {"/train/readout: example 2", "read out at token 2", "0 to 1"}},
        {[](NewPieces& p) {
             p.texts["readout"] = "index";
             p.set("/train/readout", {4}, {0, 1, 1, 0});
             p.set("/train/lengths", {4}, {2, 1, 2, 2});
         },
         {"/train/readout: example 1", "is padding"}},
        {[](NewPieces& p) {
             p.texts["readout"] = "index";
             p.set("/train/readout", {4}, {0, 1, 1, 0});
         },
         {"/test/readout is missing"}},
        {[](NewPieces& p) {
             p.set("/train/readout", {4}, {0, 1, 1, 0});
         },
         {"/train/readout and the attribute readout = \"last\""}},
        {[](NewPieces& p) {
             p.set("/heads/layer1/bias", {3, 2, 2}, std::vector<double>(12));
         },
         {"/heads/layer1/bias has shape [3, 2, 2]", "2 head(s) (or 1"}},
        {[](NewPieces& p) {
             p.set("/heads/layer1/bias", {1, 3, 3}, std::vector<double>(9));
         },
         {"/heads/layer1/bias: has 9 numbers per head, expected 4"}},
        {[](NewPieces& p) {
             p.set("/heads/layer1/bias", {1, 2, 2}, {0, 0, nan, 0});
         },
         {"/heads/layer1/bias: holds nan", "-inf where a key is masked"}},
        {[](NewPieces& p) {
             p.set("/heads/layer1/bias", {1, 2, 2}, {-infinity, 0, 0, 0});
             p.set("/test/mask", {2, 2}, {1, 1, 1, 0});
         },
         {"/test: example 1, token 0", "the biases of /heads/layer1 mask all its keys"}},
        {[](NewPieces& p) {
             p.set("/heads/layer2/q_bias", {1, 4});
         },
         {"/heads/layer2/q_bias: has 4 numbers per head, expected 5"}},
        {[](NewPieces& p) {
             p.set("/heads/layer1/relative_bias", {2, 2});
         },
         {"/heads/layer1/relative_bias: has 2 numbers per head, expected 3"}},
        {[](NewPieces& p) { p.texts["target"] = "ranking"; },
         {"attribute target = \"ranking\"", "classes, regression"}},
        {[](NewPieces& p) {
             p.set("/train/y", {4}, {1, 1, 1, 1});
         },
         {"/train/y: all labels are 1; give examples of two classes"}},
    };
    for (const Case& mistake : cases) {
        NewPieces pieces;
        mistake.spoil(pieces);
        refuse(pieces, mistake.words);
    }
}

TEST_F(DatasetVersion2, WhatIsNotReadIsNoted) {
    NewPieces pieces;
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
