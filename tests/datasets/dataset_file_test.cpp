// Data set files of version 1, as others write them.
#include "datasets/dataset_file_case.hpp"

#include <filesystem>
#include <fstream>

namespace attnpaths {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

class DatasetFile : public DatasetFileCase {};

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

}  // namespace
}  // namespace attnpaths
