#include "base/interpolated_maximum.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <functional>
#include <vector>

namespace attnpaths {
namespace {

InterpolatedMaximum of(const std::vector<double>& x, const std::function<double(double)>& function) {
    std::vector<double> y;
    for (const double place : x) y.push_back(function(place));
    return interpolated_maximum(x, y);
}

TEST(InterpolatedMaximum, OfAParabolaIsExact) {
    const auto parabola = [](double x) { return 3 - 2 * (x - 0.3) * (x - 0.3); };
    for (const std::vector<double>& places :
         {std::vector<double>{-1, 0, 2}, {-1, 0.1, 0.5, 3}, {-2, -1, 0, 1, 4}}) {
        const InterpolatedMaximum maximum = of(places, parabola);
        EXPECT_NEAR(maximum.position, 0.3, 1e-7);
        EXPECT_NEAR(maximum.value, 3, 1e-12);
        EXPECT_FALSE(maximum.is_at_edge);
    }
}

TEST(InterpolatedMaximum, ItsErrorCoversTheTruth) {
    // Skewed: the maximum of log x - x is at 1.
    const auto function = [](double x) { return x - std::exp(x); };
    for (const double shift : {-0.4, -0.2, 0.0, 0.3}) {
        const InterpolatedMaximum maximum =
            of({-2 + shift, -1 + shift, shift, 1 + shift, 2 + shift}, function);
        EXPECT_LT(std::abs(maximum.position), maximum.position_error + 1e-7) << shift;
        EXPECT_LT(maximum.position_error, 0.5) << shift;
    }
}

TEST(InterpolatedMaximum, AtTheEdgeNothingIsInterpolated) {
    const auto rising = [](double x) { return x; };
    const InterpolatedMaximum last = of({0, 1, 3}, rising);
    EXPECT_TRUE(last.is_at_edge);
    EXPECT_EQ(last.position, 3);
    EXPECT_EQ(last.position_error, 1);
    const InterpolatedMaximum only = of({5}, rising);
    EXPECT_TRUE(only.is_at_edge);
    EXPECT_TRUE(std::isinf(only.position_error));
}

}  // namespace
}  // namespace attnpaths
