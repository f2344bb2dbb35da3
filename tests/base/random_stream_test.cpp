#include "base/random_stream.hpp"

#include "base/byte_stream.hpp"
#include "base/error.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <string>
#include <vector>

namespace attnpaths {
namespace {

constexpr int many = 400000;

/// One number of a mix of all kinds of calls, so that a state is taken at every place of a block and with and
/// without a spare normal.
double mixed_number(RandomStream& stream, int position) {
    switch ((position * position + position / 7) % 5) {
        case 0:
            return static_cast<double>(stream.bits());
        case 1:
            return stream.uniform();
        case 2:
        case 3:
            return stream.normal();
        default:
            return stream.chi(position % 2 == 0 ? 0.7 : 5);
    }
}

std::string state_of(const RandomStream& stream) {
    ByteWriter out;
    stream.save(out);
    return out.take();
}

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

TEST(RandomStream, ARestoredStreamGoesOnExactly) {
    RandomStream stream(5, "save", 2);
    for (int position = 0; position < 300; ++position) {
        const std::string state = state_of(stream);
        RandomStream restored(5, "save", 2);
        ByteReader in(state);
        restored.restore(in);
        ASSERT_FALSE(in.failed());
        ASSERT_EQ(in.left(), 0U);
        ASSERT_EQ(state_of(restored), state);
        RandomStream original = stream;
        for (int i = 0; i < 50; ++i)
            ASSERT_EQ(mixed_number(restored, position + i), mixed_number(original, position + i)) << position;
        mixed_number(stream, position);
    }
}

TEST(RandomStream, RestoringForgetsWhereTheStreamStood) {
    const RandomStream fresh(5, "save", 2);
    RandomStream stream = fresh;
    stream.normal();
    const std::string state = state_of(fresh);
    ByteReader in(state);
    stream.restore(in);
    EXPECT_EQ(state_of(stream), state);
    EXPECT_EQ(stream.bits(), RandomStream(5, "save", 2).bits());
}

TEST(RandomStream, AStateOfAnotherStreamIsRefused) {
    const std::string state = state_of(RandomStream(5, "save", 2));
    for (RandomStream other :
         {RandomStream(6, "save", 2), RandomStream(5, "load", 2), RandomStream(5, "save", 3)}) {
        ByteReader in(state);
        EXPECT_THROW(other.restore(in), DataError);
    }
}

TEST(RandomStream, ADamagedStateFailsTheReaderAndChangesNothing) {
    RandomStream stream(5, "save", 2);
    stream.normal();
    const std::string good = state_of(stream);
    std::vector<std::string> damaged;
    for (std::size_t length = 0; length < good.size(); ++length) damaged.push_back(good.substr(0, length));
    constexpr std::size_t used_at = 4 * sizeof(std::uint64_t);
    damaged.push_back(good);
    damaged.back()[used_at] = 5;  // of four numbers
    damaged.push_back(good);
    damaged.back()[used_at + 1] = 2;  // neither with nor without a spare
    damaged.push_back(state_of(RandomStream(5, "save", 2)));
    damaged.back()[used_at] = 1;  // a number used of no block
    for (const std::string& state : damaged) {
        ByteReader in(state);
        stream.restore(in);
        EXPECT_TRUE(in.failed());
        EXPECT_EQ(state_of(stream), good);
    }
}

TEST(RandomStream, ManyNormalsAreTheSameAsOneByOne) {
    RandomStream one(5, "test/normals", 2);
    RandomStream many(5, "test/normals", 2);
    for (const std::size_t count : {3, 0, 1, 2, 128, 129, 131, 1, 700}) {
        std::vector<double> numbers(count);
        many.normals(numbers);
        for (const double number : numbers) ASSERT_EQ(number, one.normal()) << count;
        ASSERT_EQ(many.uniform(), one.uniform());
    }
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
