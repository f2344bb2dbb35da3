#include "analyses/samples/sample_record.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace attnpaths {
namespace {

TEST(SaddleVerdict, WeighsShiftAndPredictions) {
    EXPECT_EQ(saddle_verdict({0.05, true}), "good");
    EXPECT_EQ(saddle_verdict({0.05, false}), "shifted");
    EXPECT_EQ(saddle_verdict({0.2, true}), "shifted");
    EXPECT_EQ(saddle_verdict({0.6, true}), "off");
    EXPECT_EQ(saddle_verdict({std::numeric_limits<double>::quiet_NaN(), true}), "off");
}

}  // namespace
}  // namespace attnpaths
