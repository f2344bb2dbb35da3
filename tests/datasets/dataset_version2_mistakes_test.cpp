// What is wrong with a data set file of version 2, said in one line.
#include "datasets/dataset_file_case.hpp"

#include <limits>

namespace attnpaths {
namespace {

class DatasetVersion2Mistakes : public DatasetFileCase {};

TEST_F(DatasetVersion2Mistakes, AreNamedWithFileAndObject) {
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    constexpr double infinity = std::numeric_limits<double>::infinity();
    const auto maps = [](std::size_t place, double value) {
        return [=](Version2Pieces& p) {
            p.use_maps();
            p.arrays["/train/attention/layer1"].values[place] = value;
        };
    };
    refuse_each<Version2Pieces>({
        {maps(1 * 8 + 1 * 4 + 0 * 2 + 1, 0.25),
         {"/train/attention/layer1: example 1, head 1, query 0", "sums to", "must sum to 1"}},
        {maps(1 * 8 + 1 * 4 + 0 * 2 + 1, -0.25),
         {"/train/attention/layer1: example 1, head 1, query 0", "attention to key 1 is -0.25"}},
        {maps(17, nan), {"/train/attention/layer1: example 2, head 0, query 0", "attention to key 1 is nan"}},
        {[](Version2Pieces& p) {
             p.use_maps();
             p.set("/train/lengths", {4}, {1, 2, 2, 2});
         },
         {"/train/attention/layer1: example 0, head 0, query 0", "sums to 0 and that to padding to 1"}},
        {[](Version2Pieces& p) {
             p.use_maps();
             p.set("/train/attention/layer1", {4, 2, 2, 3});
         },
         {"/train/attention/layer1 has shape [4, 2, 2, 3], expected [P, H, tokens, tokens] = [4, 2, 2, 2]"}},
        {[](Version2Pieces& p) {
             p.use_maps();
             p.set("/test/attention/layer1", {2, 1, 2, 2});
         },
         {"/test/attention/layer1 has shape [2, 1, 2, 2], expected", "[2, 2, 2, 2]"}},
        {[](Version2Pieces& p) {
             p.use_maps();
             p.set("/train/attention/layer2", {4, 4});
         },
         {"/train/attention/layer2 has shape [4, 4], expected [P, H, queries, keys]"}},
        {[](Version2Pieces& p) {
             p.use_maps();
             p.arrays.erase("/test/attention/layer2");
         },
         {"/test/attention/layer2 is missing"}},
        {[](Version2Pieces& p) {
             p.use_maps();
             p.set("/heads/layer1/W", {2, 3, 3});
         },
         {"/train/attention/layer1 and /heads/layer1/W both give the attention", "keep one"}},
        {[](Version2Pieces& p) {
             p.set("/heads/layer1/attention", {2, 2, 2}, {1, 0, 1, 0, 1, 0, 1, 0});
         },
         {"/heads/layer1 gives both attention and W"}},
        {[](Version2Pieces& p) {
             p.set("/train/mask", {4, 2}, {1, 1, 0, 0, 1, 1, 1, 1});
         },
         {"/train/mask: example 1", "has no token"}},
        {[](Version2Pieces& p) {
             p.set("/train/mask", {4, 2}, {1, 1, 1, 0.5, 1, 1, 1, 1});
         },
         {"/train/mask: example 1, token 1", "is 0.5"}},
        {[](Version2Pieces& p) {
             p.set("/train/mask", {2, 4}, {1, 1, 1, 1, 1, 1, 1, 1});
         },
         {"/train/mask has shape [2, 4], expected [4, 2]"}},
        {[](Version2Pieces& p) {
             p.set("/train/lengths", {4}, {2, 2, 3, 1});
         },
         {"/train/lengths: example 2", "length 3", "x has 2 tokens"}},
        {[](Version2Pieces& p) {
             p.set("/train/lengths", {4}, {2, 0, 1, 1});
         },
         {"/train/lengths: example 1", "length 0"}},
        {[](Version2Pieces& p) {
             p.set("/train/lengths", {4}, {2, 1, 1, 1});
             p.set("/train/mask", {4, 2});
         },
         {"/train gives both lengths and mask"}},
        {[](Version2Pieces& p) {
             p.texts["readout"] = "index";
             p.set("/train/readout", {4}, {0, 1, 2, 0});
         },
         {"/train/readout: example 2", "read out at token 2", "0 to 1"}},
        {[](Version2Pieces& p) {
             p.texts["readout"] = "index";
             p.set("/train/readout", {4}, {0, 1, 1, 0});
             p.set("/train/lengths", {4}, {2, 1, 2, 2});
         },
         {"/train/readout: example 1", "is padding"}},
        {[](Version2Pieces& p) {
             p.texts["readout"] = "index";
             p.set("/train/readout", {4}, {0, 1, 1, 0});
         },
         {"/test/readout is missing"}},
        {[](Version2Pieces& p) {
             p.set("/train/readout", {4}, {0, 1, 1, 0});
         },
         {"/train/readout and the attribute readout = \"last\""}},
        {[](Version2Pieces& p) {
             p.set("/heads/layer1/bias", {3, 2, 2}, std::vector<double>(12));
         },
         {"/heads/layer1/bias has shape [3, 2, 2]", "2 head(s) (or 1"}},
        {[](Version2Pieces& p) {
             p.set("/heads/layer1/bias", {1, 3, 3}, std::vector<double>(9));
         },
         {"/heads/layer1/bias: has 9 numbers per head, expected 4"}},
        {[](Version2Pieces& p) {
             p.set("/heads/layer1/bias", {1, 2, 2}, {0, 0, nan, 0});
         },
         {"/heads/layer1/bias: holds nan", "-inf where a key is masked"}},
        {[](Version2Pieces& p) {
             p.set("/heads/layer1/bias", {1, 2, 2}, {-infinity, 0, 0, 0});
             p.set("/test/mask", {2, 2}, {1, 1, 1, 0});
         },
         {"/test: example 1, token 0", "the biases of /heads/layer1 mask all its keys"}},
        {[](Version2Pieces& p) {
             p.set("/heads/layer2/q_bias", {1, 4});
         },
         {"/heads/layer2/q_bias: has 4 numbers per head, expected 5"}},
        {[](Version2Pieces& p) {
             p.set("/heads/layer1/relative_bias", {2, 2});
         },
         {"/heads/layer1/relative_bias: has 2 numbers per head, expected 3"}},
        {[](Version2Pieces& p) { p.texts["target"] = "ranking"; },
         {"attribute target = \"ranking\"", "classes, regression"}},
        {[](Version2Pieces& p) {
             p.set("/train/y", {4}, {1, 1, 1, 1});
         },
         {"/train/y: all labels are 1; give examples of two classes"}},
    });
}

}  // namespace
}  // namespace attnpaths
