#include "base/checked_count.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace attnpaths {
namespace {

using Counts = std::vector<std::int64_t>;

TEST(CheckedProduct, IsTheProductOrNothing) {
    EXPECT_EQ(checked_product(Counts{}), 1);
    EXPECT_EQ(checked_product(Counts{2000, 2000, 2000}), 8000000000);
    EXPECT_EQ(checked_product(Counts(62, 2)), std::int64_t{1} << 62);
    EXPECT_EQ(checked_product(Counts(63, 2)), std::nullopt);
    EXPECT_EQ(checked_product(Counts(64, 2)), std::nullopt);
    EXPECT_EQ(checked_product(Counts{INT64_MAX, 1}), INT64_MAX);
    EXPECT_EQ(checked_product(Counts{3037000500, 3037000500}), std::nullopt);
}

}  // namespace
}  // namespace attnpaths
