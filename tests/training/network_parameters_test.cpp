#include "training/network_parameters.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace attnpaths {
namespace {

TEST(WeightLayout, CountsThePublishedNetworks) {
    const auto weights = [](std::vector<Index> heads, Index query_width) {
        return WeightLayout({std::move(heads), 192, query_width, 512}).weights();
    };
    EXPECT_EQ(weights({4, 4}, 128), 2'589'184);
    EXPECT_EQ(weights({8, 8}, 64), 4'686'336);
    EXPECT_EQ(weights({3, 3, 3}, 128), 2'900'480);
}

TEST(WeightLayout, GivesEveryMatrixAPlaceOfItsOwn) {
    const WeightLayout layout({{2, 1}, 5, 3, 7});
    Index end = 0;
    for (const WeightBlock& block : layout.blocks()) {
        EXPECT_GE(block.offset, end);
        EXPECT_EQ(block.offset % 16, 0);
        end = block.offset + block.size();
    }
    EXPECT_LE(end, layout.size());
    EXPECT_EQ(layout.shape().head_number(1, 0), 2);
}

TEST(InitialWeights, AreUniformWithTheVarianceOfLinearLayers) {
    const WeightLayout layout({{2}, 96, 80, 64});
    const WeightVector<float> weights = draw_initial_weights(layout, 1);
    for (const WeightBlock& block : {layout.query(0), layout.key(1), layout.value(1), layout.input()}) {
        const auto matrix = view(weights, block);
        const double bound = 1 / std::sqrt(static_cast<double>(block.columns));
        EXPECT_LE(matrix.cwiseAbs().maxCoeff(), bound);
        EXPECT_NEAR(matrix.squaredNorm() / static_cast<double>(block.size()), bound * bound / 3,
                    0.05 * bound * bound);
    }
    EXPECT_LE(view(weights, layout.readout()).cwiseAbs().maxCoeff(), 1 / std::sqrt(64.0));
    EXPECT_NE(view(weights, layout.query(0)), view(weights, layout.query(1)));
    EXPECT_EQ(weights, draw_initial_weights(layout, 1));
    EXPECT_NE(weights, draw_initial_weights(layout, 2));
}

}  // namespace
}  // namespace attnpaths
