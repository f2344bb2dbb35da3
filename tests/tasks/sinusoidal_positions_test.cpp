#include "tasks/one_shot/sinusoidal_positions.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace attnpaths {
namespace {

TEST(SinusoidalPositions, HaveThePublishedValues) {
    const TableScale scale = scale_of(sinusoidal_positions(48, 192));
    EXPECT_NEAR(scale.mean, 0.3957812767, 5e-11);
    EXPECT_NEAR(scale.deviation, 0.5859986704, 5e-11);
    // The others were computed in 32 bits.
    const Matrix table = standardised_positions(48, 192);
    for (Index feature = 0; feature < 192; feature += 2) {
        EXPECT_NEAR(table(feature, 0), -0.6753950, 1e-7);
        EXPECT_NEAR(table(feature + 1, 0), 1.0310906, 1e-7);
    }
    EXPECT_NEAR(table(0, 1), 0.7605631, 1e-7);
    EXPECT_NEAR(table(1, 1), 0.2466231, 1e-7);
}

TEST(SinusoidalPositions, DifferenceOfTokensIsARotation) {
    const Matrix table = sinusoidal_positions(30, 12);
    for (Index pair = 0; pair < 6; ++pair) {
        for (Index token = 0; token + 7 < 30; ++token) {
            const double product =
                table.block(2 * pair, token, 2, 1).cwiseProduct(table.block(2 * pair, token + 7, 2, 1)).sum();
            EXPECT_NEAR(product, std::cos(7 * std::pow(10000, -static_cast<double>(pair) / 6)), 1e-12);
        }
    }
}

TEST(SinusoidalPositions, StandardisedTableHasMeanZeroAndVarianceOne) {
    const TableScale scale = scale_of(standardised_positions(12, 50));
    EXPECT_NEAR(scale.mean, 0, 1e-12);
    EXPECT_NEAR(scale.deviation, 1, 1e-5);
}

}  // namespace
}  // namespace attnpaths
