// What is wrong with a data set file of version 1, said in one line.
#include "datasets/dataset_file_case.hpp"

#include <limits>

namespace attnpaths {
namespace {

class DatasetFileMistakes : public DatasetFileCase {};

TEST_F(DatasetFileMistakes, AreNamedWithFileAndObject) {
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    constexpr double infinity = std::numeric_limits<double>::infinity();
    refuse_each<Pieces>({
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
    });
}

}  // namespace
}  // namespace attnpaths
