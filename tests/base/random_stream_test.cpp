#include "base/random_stream.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <string>
#include <vector>

namespace attnpaths {
namespace {

constexpr int many = 400000;

TEST(RandomStream, TheSameNameGivesTheSameNumbers) {
    RandomStream first(7, "purpose", 3);
    RandomStream second(7, "purpose", 3);
    for (int i = 0; i < 1000; ++i) ASSERT_EQ(first.bits(), second.bits());
    for (int i = 0; i < 1000; ++i) ASSERT_EQ(first.normal(), second.normal());
}

TEST(RandomStream, EveryPartOfTheNameMatters) {
    std::set<std::uint64_t> first_numbers;
    for (const std::uint64_t seed : {1U, 2U})
        for (const std::string purpose : {"a", "b"})
            for (const std::uint64_t index : {0U, 1U})
                first_numbers.insert(RandomStream(seed, purpose, index).bits());
    EXPECT_EQ(first_numbers.size(), 8U);
}

TEST(RandomStream, ManyStreamsNeverMeet) {
    std::set<std::uint64_t> numbers;
    for (std::uint64_t index = 0; index < 1000; ++index) {
        RandomStream stream(1, "meeting", index);
        for (int i = 0; i < 20; ++i) numbers.insert(stream.bits());
    }
    EXPECT_EQ(numbers.size(), 20000U);
}

TEST(RandomStream, ACopyContinuesWhereTheOriginalStands) {
    RandomStream stream(1, "copy", 0);
    stream.normal();  // leaves the second number of the pair behind
    RandomStream copy = stream;
    for (int i = 0; i < 10; ++i) ASSERT_EQ(stream.normal(), copy.normal());
}

TEST(RandomStream, UniformNumbersHaveTheMomentsOfTheUniformLaw) {
    RandomStream stream(1, "uniform", 0);
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < many; ++i) {
        const double number = stream.uniform();
        ASSERT_GT(number, 0);
        ASSERT_LT(number, 1);
        sum += number;
        squares += number * number;
    }
    // Five standard errors of each average.
    EXPECT_NEAR(sum / many, 0.5, 5 * std::sqrt(1. / 12 / many));
    EXPECT_NEAR(squares / many, 1. / 3, 5 * std::sqrt(4. / 45 / many));
}

TEST(RandomStream, NormalNumbersHaveTheMomentsOfTheNormalLaw) {
    RandomStream stream(1, "normal", 0);
    std::vector<double> moments(5, 0);
    double neighbours = 0;
    double last = stream.normal();
    for (int i = 0; i < many; ++i) {
        const double number = stream.normal();
        neighbours += last * number;
        last = number;
        for (int order = 1; order <= 4; ++order)
            moments[static_cast<std::size_t>(order)] += std::pow(number, order) / many;
    }
    const double error = 5 / std::sqrt(static_cast<double>(many));
    EXPECT_NEAR(moments[1], 0, error);
    EXPECT_NEAR(moments[2], 1, error * std::sqrt(2.));
    EXPECT_NEAR(moments[3], 0, error * std::sqrt(15.));
    EXPECT_NEAR(moments[4], 3, error * std::sqrt(96.));
    EXPECT_NEAR(neighbours / many, 0, error);
}

TEST(RandomStream, StreamsOfNeighbouringIndicesAreUncorrelated) {
    double product = 0;
    for (int i = 0; i < 1000; ++i) {
        RandomStream first(1, "family", static_cast<std::uint64_t>(2 * i));
        RandomStream second(1, "family", static_cast<std::uint64_t>(2 * i + 1));
        for (int k = 0; k < 100; ++k) product += first.normal() * second.normal();
    }
    EXPECT_NEAR(product / 1e5, 0, 5 / std::sqrt(1e5));
}

}  // namespace
}  // namespace attnpaths
