#include "datasets/dataset.hpp"

#include "datasets/small_hidden_markov.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace attnpaths {
namespace {

Dataset three_layer_dataset() {
    return small_hidden_markov({2, 3, 1});
}

TEST(Dataset, KnowsItsHeadsAndOutputs) {
    EXPECT_THAT(three_layer_dataset().heads(), testing::ElementsAre(2, 3, 1));
    EXPECT_EQ(three_layer_dataset().outputs(), 1);
}

TEST(ContentHash, IsTheSameForTheSameContent) {
    EXPECT_EQ(content_hash(three_layer_dataset()), content_hash(three_layer_dataset()));
    EXPECT_EQ(content_hash(three_layer_dataset()).size(), 32U);
    Dataset renamed = three_layer_dataset();
    renamed.layers[0][1].name = "another name";
    EXPECT_EQ(content_hash(renamed), content_hash(three_layer_dataset()));
}

TEST(ContentHash, ChangesWithEverythingThatDeterminesAResult) {
    using Change = void (*)(Dataset&);
    const Change changes[] = {
        [](Dataset& data) { data.train.x(0, 5) += 1e-15; },
        [](Dataset& data) { data.train.y(3, 0) = 1; },
        [](Dataset& data) { data.tests[0].x(1, 5) += 1e-15; },
        [](Dataset& data) { data.tests[0].y *= -1; },
        [](Dataset& data) { data.tests[0].name = "other"; },
        [](Dataset& data) { data.tests.push_back(data.tests[0]); },
        [](Dataset& data) { data.layers[1][2].W(0, 0) += 1; },
        [](Dataset& data) { data.layers[1][2].key.swap(data.layers[1][2].W); },
        [](Dataset& data) { std::swap(data.layers[1][0], data.layers[1][1]); },
        [](Dataset& data) { data.layers.pop_back(); },
        [](Dataset& data) { data.attention = AttentionKind::hardmax; },
        [](Dataset& data) { data.readout = Readout::average; },
        [](Dataset& data) { data.train.tokens = 2; },
        [](Dataset& data) { data.train.x.swap(data.train.xi); },
        [](Dataset& data) { data.train.y.transposeInPlace(); },
    };
    const std::string original = content_hash(three_layer_dataset());
    int number = 0;
    for (const Change change : changes) {
        Dataset data = three_layer_dataset();
        change(data);
        EXPECT_NE(content_hash(data), original) << "change " << number;
        ++number;
    }
}

}  // namespace
}  // namespace attnpaths
