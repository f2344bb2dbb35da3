#include "datasets/dataset_file.hpp"

#include "base/error.hpp"
#include "datasets/pieces.hpp"
#include "h5/input_file.hpp"
#include "network/path_features.hpp"
#include "tasks/hidden_markov/hidden_markov.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <limits>
#include <sys/resource.h>
#include <unistd.h>

namespace attnpaths {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

class DatasetFile : public testing::Test {
  protected:
    void SetUp() override {
        h5::initialise();
        folder_ =
            fs::path(testing::TempDir()) / ("dataset-" + std::to_string(getpid()) +
                                            testing::UnitTest::GetInstance()->current_test_info()->name());
        fs::create_directories(folder_);
    }
    void TearDown() override { fs::remove_all(folder_); }
    [[nodiscard]] std::string file(const std::string& name) const { return (folder_ / name).string(); }

  private:
    fs::path folder_;
};

Dataset small_dataset() {
    HiddenMarkovTask task;
    task.feature_width = 4;
    task.tokens = 3;
    task.examples = 6;
    task.test_examples = 4;
    task.heads = {2, 1};
    Dataset data = make_hidden_markov(task);
    data.tests.push_back(data.tests[0]);
    data.tests[1].name = "far";
    return data;
}

/// The same data with Q, K heads, two outputs, hardmax, and a test set of other length.
Dataset other_dataset() {
    Dataset data = small_dataset();
    for (std::vector<AttentionHead>& layer : data.layers) {
        for (AttentionHead& head : layer) {
            head.key = head.W.topRows(3);
            head.query = head.W.bottomRows(3);
            head.W.resize(0, 0);
            head.name.clear();
        }
    }
    for (ExampleSet* set : {&data.train, &data.tests[0], &data.tests[1]})
        set->y = Matrix(set->y.replicate(1, 2)).eval();
    data.train.y.col(1) *= 0.5;
    data.tests[1].tokens = 2;
    data.tests[1].x.conservativeResize(data.input_width, 4 * 2);
    data.attention = AttentionKind::hardmax;
    data.readout = Readout::average;
    return data;
}

/// The small data set as path features only.
Dataset feature_dataset() {
    Dataset data = small_dataset();
    for (ExampleSet* set : {&data.train, &data.tests[0], &data.tests[1]}) {
        set->xi = path_features(*set, data.layers, data.attention, data.readout);
        set->x.resize(0, 0);
        set->tokens = 0;
    }
    return data;
}

TEST_F(DatasetFile, RoundTripsToTheLastBit) {
    for (const Dataset& data : {small_dataset(), other_dataset(), feature_dataset()}) {
        write_dataset_file(data, file("a.h5"));
        const Dataset back = read_dataset_file(file("a.h5"));
        EXPECT_EQ(content_hash(back), content_hash(data));
        EXPECT_EQ(back.layers[0][0].name, data.layers[0][0].name);
        EXPECT_EQ(back.tests[1].name, "far");
        EXPECT_FALSE(fs::exists(file("a.h5.tmp")));
    }
}

TEST_F(DatasetFile, SinglePrecisionRoundsTokensAndWeights) {
    const Dataset data = small_dataset();
    write_dataset_file(data, file("double.h5"));
    write_dataset_file(data, file("single.h5"), true);
    const Dataset back = read_dataset_file(file("single.h5"));
    EXPECT_EQ(back.train.x, data.train.x.cast<float>().cast<double>());
    EXPECT_EQ(back.tests[0].x, data.tests[0].x.cast<float>().cast<double>());
    EXPECT_EQ(back.layers[0][1].W, data.layers[0][1].W.cast<float>().cast<double>());
    EXPECT_EQ(back.train.y, data.train.y);
    EXPECT_LT(fs::file_size(file("single.h5")), fs::file_size(file("double.h5")));
}

TEST_F(DatasetFile, NumbersThatFitIntoHalfTheSizeTakeHalfTheSize) {
    Dataset data = small_dataset();
    write_dataset_file(data, file("double.h5"));
    data.train.x = data.train.x.cast<float>().cast<double>();
    data.tests[0].x = data.tests[0].x.cast<float>().cast<double>();
    write_dataset_file(data, file("fit.h5"));
    EXPECT_EQ(content_hash(read_dataset_file(file("fit.h5"))), content_hash(data));
    EXPECT_LT(fs::file_size(file("fit.h5")), fs::file_size(file("double.h5")));
}

TEST_F(DatasetFile, HeadCountsStandInForHeadsWhereEverySetGivesFeatures) {
    Dataset data = feature_dataset();
    for (std::vector<AttentionHead>& layer : data.layers)
        for (AttentionHead& head : layer) head = {};
    write_dataset_file(data, file("a.h5"));
    EXPECT_EQ(h5::InputFile(file("a.h5")).read_text_attribute("/", "heads"), "2:1");
    const Dataset back = read_dataset_file(file("a.h5"));
    EXPECT_THAT(back.heads(), ElementsAre(2, 1));
    EXPECT_EQ(back.train.xi, feature_dataset().train.xi);
}

TEST_F(DatasetFile, PathsAreTheLastAxisOfFeatures) {
    write_dataset_file(feature_dataset(), file("a.h5"));
    const h5::Array<double> stored = h5::InputFile(file("a.h5")).read("/train/xi");
    const Dataset data = feature_dataset();
    const Index width = data.input_width;
    EXPECT_THAT(stored.shape, ElementsAre(6, width, 2));
    for (Index example = 0; example < 6; ++example)
        for (Index feature = 0; feature < width; ++feature)
            for (Index path = 0; path < 2; ++path)
                EXPECT_EQ(stored.values[static_cast<std::size_t>((example * width + feature) * 2 + path)],
                          data.train.xi(example, path * width + feature));
}

TEST_F(DatasetFile, ReadsWhatOthersWrite) {
    Pieces pieces;
    pieces.set("/test-long/x", {3, 3, 9});
    pieces.set("/test-long/y", {3});
    pieces.set("/notes/anything", {5});
    pieces.strings["/heads/layer1/names"] = {"copy", "random"};
    pieces.write(file("a.h5"));
    const Dataset data = read_dataset_file(file("a.h5"));
    EXPECT_EQ(data.input_width, 3);
    EXPECT_THAT(data.heads(), ElementsAre(2, 1));
    EXPECT_EQ(data.layers[0][1].name, "random");
    ASSERT_EQ(data.tests.size(), 2U);
    EXPECT_EQ(data.tests[1].name, "long");
    EXPECT_EQ(data.tests[1].tokens, 9);
    // Example 1, feature 2, token 1 of [4, 3, 2] is number 11; W and Q are [row, column] in the file too.
    EXPECT_EQ(data.train.x(2, 1 * 2 + 1), 11 % 7 - 3);
    EXPECT_EQ(data.layers[0][0].W(1, 2), 5 - 3);
    EXPECT_EQ(data.layers[1][0].query(4, 1), 13 % 7 - 3);
}

TEST_F(DatasetFile, WhatIsNotReadIsNoted) {
    Pieces pieces;
    pieces.set("/train/mask", {4, 2});
    pieces.set("/heads/layer1/bias", {2, 2, 2});
    pieces.texts["layout"] = "tokens-first";
    pieces.write(file("a.h5"));
    EXPECT_THAT(
        read_dataset_file(file("a.h5")).notes,
        ElementsAre(
            "attribute layout, /train/mask, /heads/layer1/bias are not read: a data set file of version 1 "
            "does not know them"));
    Pieces().write(file("b.h5"));
    EXPECT_THAT(read_dataset_file(file("b.h5")).notes, testing::IsEmpty());
}

TEST_F(DatasetFile, LabelsOfAnyTwoValuesAreClasses) {
    Pieces pieces;
    pieces.arrays["/train/y"].values = {0, 1, 1, 0};
    pieces.arrays["/test/y"].values = {1, 0};
    pieces.write(file("a.h5"));
    const Dataset data = read_dataset_file(file("a.h5"));
    EXPECT_THAT(data.train.y.reshaped(), ElementsAre(-1, 1, 1, -1));
    EXPECT_THAT(data.tests[0].y.reshaped(), ElementsAre(1, -1));
    EXPECT_THAT(data.notes, ElementsAre("the labels 0 and 1 are taken as the classes -1 and +1"));
}

TEST_F(DatasetFile, HeadsAreReadWithoutExamples) {
    Pieces pieces;
    pieces.arrays.erase("/train/x");
    pieces.arrays.erase("/test/y");
    pieces.texts["readout"] = "first";
    pieces.write(file("a.h5"));
    const Dataset heads = read_dataset_heads(file("a.h5"));
    EXPECT_THAT(heads.heads(), ElementsAre(2, 1));
    EXPECT_EQ(heads.layers[1][0].query.rows(), 5);
    EXPECT_EQ(heads.readout, Readout::first);
    pieces.arrays.erase("/heads/layer1/W");
    pieces.write(file("a.h5"));
    EXPECT_THAT([&] { read_dataset_heads(file("a.h5")); },
                ThrowsMessage<DataError>(HasSubstr("/heads/layer1 is missing")));
}

TEST_F(DatasetFile, EachMistakeIsNamedWithFileAndObject) {
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    constexpr double infinity = std::numeric_limits<double>::infinity();
    struct Case {
        std::function<void(Pieces&)> spoil;
        std::vector<std::string> words;
    };
    const Case cases[] = {
        {[](Pieces& p) { p.texts["format"] = "attnpaths-store"; },
         {"format is \"attnpaths-store\"", "\"attnpaths-dataset\""}},
        {[](Pieces& p) { p.texts.erase("format"); }, {"not a data set file", "format"}},
        {[](Pieces& p) { p.integers["version"] = 3; },
         {"written by version 3 of the format; this program reads versions 1 to 2"}},
        {[](Pieces& p) { p.integers.clear(); }, {"attribute version is missing"}},
        {[](Pieces& p) {
             p.integers.clear();
             p.texts["version"] = "1";
         },
         {"attribute version: is not an integer"}},
        {[](Pieces& p) { p.texts["readout"] = "middle"; }, {"readout = \"middle\"", "average, first, last"}},
        {[](Pieces& p) { p.texts.erase("readout"); },
         {"attribute readout is missing", "average, first, last"}},
        {[](Pieces& p) { p.texts["attention"] = "linear"; }, {"attention = \"linear\"", "softmax, hardmax"}},
        {[](Pieces& p) { p.arrays.erase("/train/x"); }, {"/train/x is missing"}},
        {[](Pieces& p) { p.arrays.erase("/train/y"); }, {"/train/y is missing"}},
        {[](Pieces& p) {
             p.arrays.erase("/test/x");
             p.arrays.erase("/test/y");
         },
         {"/test is missing"}},
        {[](Pieces& p) {
             p.set("/train/x", {4, 6});
         },
         {"/train/x has shape [4, 6]", "[P, N0, tokens]"}},
        {[](Pieces& p) {
             p.set("/train/y", {4, 1, 1});
         },
         {"/train/y has shape [4, 1, 1]", "[P] or [P, D]"}},
        {[](Pieces& p) { p.set("/train/y", {3}); }, {"/train: x has 4 examples but y has 3"}},
        {[](Pieces& p) {
             p.set("/train/x", {4, 5, 2});
         },
         {"/heads/layer1/W: has shape [2, 3, 3], expected [2, 5, 5]"}},
        {[](Pieces& p) {
             p.set("/test/x", {2, 4, 2});
         },
         {"/test/x: has shape [2, 4, 2], expected [2, 3, 2]"}},
        {[](Pieces& p) {
             p.set("/test/y", {2, 3});
         },
         {"/test/y: has 3 output(s) per example, /train/y has 1"}},
        {[](Pieces& p) {
             p.set("/train/x", {0, 3, 2});
             p.set("/train/y", {0});
         },
         {"/train/x is empty", "[0, 3, 2]"}},
        {[](Pieces& p) {
             p.set("/test/x", {2, 3, 0});
         },
         {"/test/x is empty", "[2, 3, 0]"}},
        {[](Pieces& p) { p.set("/test/y", {0}); }, {"/test/y: is empty"}},
        {[](Pieces& p) { p.arrays["/train/x"].values[2 * 6 + 1 * 2 + 1] = nan; },
         {"/train/x: example 2, feature 1, token 1", "nan"}},
        {[](Pieces& p) { p.arrays["/test/y"].values[1] = infinity; },
         {"/test/y: example 1, output 0", "inf"}},
        {[](Pieces& p) { p.arrays["/heads/layer1/W"].values[5] = nan; },
         {"/heads/layer1/W: row 1, column 2", "nan"}},
        {[](Pieces& p) {
             p.set("/heads/layer1/W", {2, 3, 4});
         },
         {"/heads/layer1/W: has shape [2, 3, 4], expected [2, 3, 3]"}},
        {[](Pieces& p) {
             p.set("/heads/layer1/W", {3, 3});
         },
         {"/heads/layer1/W has shape [3, 3]", "[H, N0, N0]"}},
        {[](Pieces& p) {
             p.set("/heads/layer2/Q", {1, 4, 3});
         },
         {"/heads/layer2/Q has shape [1, 4, 3]", "[1, 5, 3]"}},
        {[](Pieces& p) {
             p.set("/heads/layer2/Q", {1, 5, 2});
             p.set("/heads/layer2/K", {1, 5, 2});
         },
         {"/heads/layer2/K: has shape [1, 5, 2], expected [1, 5, 3]"}},
        {[](Pieces& p) { p.arrays.erase("/heads/layer2/K"); }, {"/heads/layer2/K is missing"}},
        {[](Pieces& p) {
             p.set("/heads/layer2/W", {1, 3, 3});
         },
         {"/heads/layer2 gives both W and Q, K"}},
        {[](Pieces& p) { p.arrays.erase("/heads/layer1/W"); }, {"/heads/layer1 is missing", "/heads/layer2"}},
        {[](Pieces& p) {
             p.set("/heads/layer4/W", {1, 3, 3});
         },
         {"/heads/layer3 is missing", "/heads/layer4"}},
        {[](Pieces& p) {
             p.set("/heads/Layer3/W", {1, 3, 3});
         },
         {"/heads/Layer3 is not known"}},
        {[](Pieces& p) {
             p.arrays.erase("/heads/layer1/W");
             p.set("/heads/layer1/V", {1, 3, 3});
         },
         {"/heads/layer1/W is missing"}},
        {[](Pieces& p) { p.strings["/heads/layer1/names"] = {"one"}; },
         {"/heads/layer1/names has 1 names for 2 heads"}},
        {[](Pieces& p) {
             p.arrays.erase("/heads/layer1/W");
             p.arrays.erase("/heads/layer2/Q");
             p.arrays.erase("/heads/layer2/K");
         },
         {"/heads is missing"}},
        {[](Pieces& p) {
             p.arrays.erase("/heads/layer1/W");
             p.arrays.erase("/heads/layer2/Q");
             p.arrays.erase("/heads/layer2/K");
             p.texts["heads"] = "2:1";
         },
         {"/heads/layer1: heads have no weights", "tokens x"}},
        {[](Pieces& p) { p.texts["heads"] = "1000000000000000000:2"; },
         {"attribute heads = \"1000000000000000000:2\" makes more than 1048576 paths"}},
        {[](Pieces& p) {
             p.arrays["/train/y"].values = {0, 1, 1, 0};
             p.arrays["/test/y"].values = {1, 2};
         },
         {"/test/y: example 1 (counted from 0) has the label 2, but those of /train/y are 0 and 1"}},
        {[](Pieces& p) { p.texts["heads"] = "2:x"; }, {"attribute heads = \"2:x\""}},
        {[](Pieces& p) { p.texts["heads"] = "2:2"; }, {"attribute heads = \"2:2\" but /heads has 2:1"}},
        {[](Pieces& p) {
             p.set("/test/xi", {2, 3, 2});
         },
         {"/test gives both x and xi"}},
        {[](Pieces& p) {
             p.arrays.erase("/test/x");
             p.set("/test/xi", {2, 3, 4});
         },
         {"/test/xi has shape [2, 3, 4]", "n = 2 paths"}},
        {[](Pieces& p) {
             p.arrays.erase("/test/x");
             p.set("/test/xi", {2, 4, 2});
         },
         {"/test/xi", "expected N0 * n = 3 * 2 = 6"}},
        {[](Pieces& p) {
             p.arrays.erase("/test/x");
             p.set("/test/xi", {2, 3, 2});
             p.arrays["/test/xi"].values[9] = nan;
         },
         {"/test/xi: example 1, feature 1, path 1", "nan"}},
        {[](Pieces& p) {
             p.set("/test-test/x", {2, 3, 2});
             p.set("/test-test/y", {2});
         },
         {"\"test\" cannot name a further test set"}},
        {[](Pieces& p) {
             p.set("/test-far/x", {2, 3, 2});
         },
         {"/test-far/y is missing"}},
    };
    int number = 0;
    for (const Case& mistake : cases) {
        Pieces pieces;
        mistake.spoil(pieces);
        const std::string path = file("bad-" + std::to_string(number++) + ".h5");
        pieces.write(path);
        try {
            read_dataset_file(path);
            ADD_FAILURE() << "accepted, should have said: " << mistake.words.front();
        } catch (const DataError& error) {
            const std::string message = error.what();
            EXPECT_THAT(message, testing::StartsWith(path + ": "));
            EXPECT_THAT(message, testing::Not(HasSubstr("\n")));
            for (const std::string& word : mistake.words) EXPECT_THAT(message, HasSubstr(word));
        }
    }
}

TEST_F(DatasetFile, FilesThatAreNotThereOrNotWholeAreRefused) {
    EXPECT_THAT([&] { read_dataset_file(file("none.h5")); },
                ThrowsMessage<InputError>(HasSubstr("none.h5: no such file")));
    std::ofstream(file("text.h5")) << "x,y\n1,2\n";
    EXPECT_THAT([&] { read_dataset_file(file("text.h5")); },
                ThrowsMessage<DataError>(HasSubstr("text.h5: is not an HDF5 file")));
    Pieces().write(file("cut.h5"));
    fs::resize_file(file("cut.h5"), fs::file_size(file("cut.h5")) / 2);
    EXPECT_THAT([&] { read_dataset_file(file("cut.h5")); },
                ThrowsMessage<DataError>(HasSubstr("cut.h5: is damaged or cut short")));
}

TEST_F(DatasetFile, WritingFailsInOneLineAndLeavesNothingBehind) {
    const Dataset data = small_dataset();
    EXPECT_THAT([&] { write_dataset_file(data, file("no/folder/a.h5")); },
                ThrowsMessage<CreateError>(AllOf(HasSubstr("no/folder/a.h5: cannot be created"),
                                                 HasSubstr("No such file or directory"))));

    rlimit old{};
    getrlimit(RLIMIT_FSIZE, &old);
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit small{4096, old.rlim_max};
    setrlimit(RLIMIT_FSIZE, &small);
    EXPECT_THAT([&] { write_dataset_file(data, file("full.h5")); },
                ThrowsMessage<OutputError>(HasSubstr("full.h5: writing failed")));
    setrlimit(RLIMIT_FSIZE, &old);
    std::signal(SIGXFSZ, handler);
    EXPECT_FALSE(fs::exists(file("full.h5")));
    EXPECT_FALSE(fs::exists(file("full.h5.tmp")));

    Dataset wrong = small_dataset();
    wrong.train.y(0, 0) = std::numeric_limits<double>::quiet_NaN();
    EXPECT_THAT([&] { write_dataset_file(wrong, file("wrong.h5")); },
                ThrowsMessage<DataError>(HasSubstr("wrong.h5: /train/y")));
    EXPECT_FALSE(fs::exists(file("wrong.h5")));
}

TEST_F(DatasetFile, DataSetsThatNoFileCanHoldAreRefused) {
    Dataset mixed = small_dataset();
    mixed.layers[0][1].key = mixed.layers[0][1].query = mixed.layers[0][1].W;
    EXPECT_THAT([&] { check_dataset(mixed, "f"); },
                ThrowsMessage<DataError>(HasSubstr("/heads/layer1: gives both W and Q, K")));
    mixed.layers[0][1].W.resize(0, 0);
    EXPECT_THAT([&] { check_dataset(mixed, "f"); },
                ThrowsMessage<DataError>(HasSubstr("some heads give W and some Q and K")));
    Dataset untested = small_dataset();
    untested.tests.clear();
    EXPECT_THAT([&] { check_dataset(untested, "f"); },
                ThrowsMessage<DataError>(HasSubstr("/test is missing")));
    Dataset twice = small_dataset();
    twice.tests.push_back(twice.tests[1]);
    EXPECT_THAT([&] { check_dataset(twice, "f"); },
                ThrowsMessage<DataError>(HasSubstr("\"far\" cannot name")));
    EXPECT_NO_THROW(check_dataset(small_dataset(), "f"));
}

}  // namespace
}  // namespace attnpaths
