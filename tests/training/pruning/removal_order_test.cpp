#include "training/pruning/removal_order.hpp"

#include "network/lesion.hpp"

#include <gmock/gmock.h>

#include <map>

namespace attnpaths {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

TEST(RemovalOrder, GoesByScoreAndThenByNumber) {
    EXPECT_THAT(ascending_order((Vector(5) << 0.5, 0.1, 0.5, 1, 0.05).finished()),
                ElementsAre(4, 1, 0, 2, 3));
}

TEST(RemovalOrder, PassesOverTheLastHeadOfALayer) {
    EXPECT_THAT(removal_order({0, 1, 2, 3}, {2, 2}), ElementsAre(0, 2));
    EXPECT_THAT(removal_order({2, 0, 4, 1, 3}, {3, 2}), ElementsAre(2, 0, 4));
    EXPECT_THAT(removal_order({1, 0, 2}, {1, 2}), ElementsAre(1));
    EXPECT_THAT(removal_order({1, 0}, {1, 1}), IsEmpty());
}

TEST(RemovalOrder, LeavesOneHeadInEveryLayer) {
    const std::vector<Index> heads = {4, 1, 3};
    for (std::uint64_t shuffle = 0; shuffle < 50; ++shuffle) {
        const std::vector<Index> order = removal_order(random_order(8, 1, shuffle), heads);
        EXPECT_EQ(order.size(), 5U);
        EXPECT_THAT(heads_left(lesion_of(order, heads), heads), ElementsAre(1, 1, 1));
    }
}

TEST(RemovalOrder, RandomOrdersAreUniform) {
    std::map<std::vector<Index>, int> seen;
    constexpr int shuffles = 24'000;
    for (std::uint64_t shuffle = 0; shuffle < shuffles; ++shuffle) ++seen[random_order(4, 7, shuffle)];
    EXPECT_EQ(seen.size(), 24U);
    for (const auto& [order, count] : seen) {
        EXPECT_THAT(order, UnorderedElementsAre(0, 1, 2, 3));
        EXPECT_NEAR(count, 1000, 5 * std::sqrt(1000.0));
    }
    EXPECT_EQ(random_order(9, 7, 3), random_order(9, 7, 3));
    EXPECT_NE(random_order(9, 7, 3), random_order(9, 8, 3));
}

}  // namespace
}  // namespace attnpaths
