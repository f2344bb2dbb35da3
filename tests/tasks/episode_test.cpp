#include "tasks/one_shot/episode.hpp"

#include "base/error.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace attnpaths {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

/// Classes of unequal size; pixels play no part.
ImageSet classes_of_sizes(const std::vector<Index>& train, const std::vector<Index>& test) {
    ImageSet set;
    set.name = "made up";
    set.size = 1;
    const auto add = [&](Split split, const std::vector<Index>& sizes) {
        for (const Index size : sizes) {
            set.classes.push_back({"", split, set.images(), size});
            set.pixels.resize(set.pixels.size() + static_cast<std::size_t>(size));
        }
    };
    add(Split::train, train);
    add(Split::test, test);
    return set;
}

const ImageSet images = classes_of_sizes({4, 2, 7, 5, 3}, {2, 2, 2});

std::size_t class_of(const ImageSet& set, Index image) {
    const auto found = std::find_if(set.classes.begin(), set.classes.end(), [image](const ImageClass& one) {
        return image >= one.first && image < one.first + one.count;
    });
    return static_cast<std::size_t>(found - set.classes.begin());
}

EpisodeStream stream(Split split = Split::train, std::uint64_t seed = 1) {
    return {images, split, seed, "episode test"};
}

TEST(EpisodeStream, AnEpisodeShowsTwoClassesAndAThirdImage) {
    for (std::uint64_t i = 0; i < 2000; ++i) {
        const Episode episode = stream()[i];
        const std::size_t first = class_of(images, episode.images[0]);
        const std::size_t second = class_of(images, episode.images[1]);
        const std::size_t query = class_of(images, episode.images[2]);
        ASSERT_LT(std::max({first, second, query}), 5U);
        ASSERT_NE(first, second);
        ASSERT_TRUE(query == first || query == second);
        ASSERT_EQ(std::set<std::int32_t>(episode.images.begin(), episode.images.end()).size(), 3U);
        ASSERT_NE(episode.labels[0], episode.labels[1]);
        ASSERT_EQ(episode.labels[2], ShownLabel::unknown);
        const ShownLabel asked = episode.labels[query == first ? 0 : 1];
        ASSERT_EQ(episode.target, asked == ShownLabel::one ? 1 : -1);
    }
}

TEST(EpisodeStream, SplitsShareNoImage) {
    for (std::uint64_t i = 0; i < 200; ++i)
        for (const std::int32_t image : stream(Split::test)[i].images) EXPECT_GE(class_of(images, image), 5U);
}

TEST(EpisodeStream, TargetsAreBalancedExactly) {
    const EpisodeStream episodes = stream();
    int sum = 0;
    for (std::uint64_t i = 0; i < 1000; ++i) {
        sum += episodes[i].target;
        ASSERT_EQ(sum, i % 2 == 0 ? 1 : 0) << i;
    }
}

/// Which class comes first, which has label one, which is asked for: "first" by class number.
TEST(EpisodeStream, CoinsAreFairAndIndependent) {
    constexpr std::uint64_t many = 80000;
    const EpisodeStream episodes = stream();
    std::map<int, double> counts;
    for (std::uint64_t i = 0; i < many; ++i) {
        const Episode episode = episodes[i];
        const std::size_t first = class_of(images, episode.images[0]);
        const std::size_t second = class_of(images, episode.images[1]);
        const bool order = first < second;
        const bool label = (episode.labels[0] == ShownLabel::one) == order;
        const bool query = class_of(images, episode.images[2]) == std::min(first, second);
        ++counts[4 * static_cast<int>(order) + 2 * static_cast<int>(label) + static_cast<int>(query)];
    }
    // All eight outcomes equally often: pairwise independence and more.
    double chi_square = 0;
    for (int outcome = 0; outcome < 8; ++outcome)
        chi_square += std::pow(counts[outcome] - many / 8., 2) / (many / 8.);
    EXPECT_LT(chi_square, 29.9);  // 7 degrees of freedom, probability 1e-4
}

TEST(EpisodeStream, PairsAndImagesAreUniform) {
    constexpr std::uint64_t many = 100000;
    const EpisodeStream episodes = stream();
    std::map<std::pair<std::size_t, std::size_t>, double> pairs;
    std::map<std::pair<std::int32_t, std::int32_t>, double> same_class;  // context and query image of class 2
    for (std::uint64_t i = 0; i < many; ++i) {
        const Episode episode = episodes[i];
        ++pairs[{class_of(images, episode.images[0]), class_of(images, episode.images[1])}];
        if (class_of(images, episode.images[2]) != 2) continue;
        const std::size_t place = class_of(images, episode.images[0]) == 2 ? 0 : 1;
        ++same_class[{episode.images[place], episode.images[2]}];
    }
    const auto chi_square = [](const auto& counts) {
        double total = 0;
        double sum = 0;
        for (const auto& [what, count] : counts) total += count;
        const double expected = total / static_cast<double>(counts.size());
        for (const auto& [what, count] : counts) sum += std::pow(count - expected, 2) / expected;
        return sum;
    };
    ASSERT_EQ(pairs.size(), 20U);
    EXPECT_LT(chi_square(pairs), 50.8);  // 19 degrees of freedom, probability 1e-4
    ASSERT_EQ(same_class.size(), 42U);
    EXPECT_LT(chi_square(same_class), 83.0);  // 41 degrees of freedom, probability 1e-4
}

bool operator==(const Episode& a, const Episode& b) {
    return a.images == b.images && a.labels == b.labels && a.target == b.target;
}

TEST(EpisodeStream, AnEpisodeDependsOnSeedPurposeAndNumberAlone) {
    const EpisodeStream episodes = stream();
    std::vector<Episode> in_order;
    for (std::uint64_t i = 0; i < 100; ++i) in_order.push_back(episodes[i]);
    for (const std::uint64_t i : {99U, 3U, 50U, 0U}) EXPECT_TRUE(stream()[i] == in_order[i]);
    EXPECT_TRUE(episodes[std::uint64_t{1} << 40U] == stream()[std::uint64_t{1} << 40U]);
    int same_seed = 0;
    int same_purpose = 0;
    const EpisodeStream other(images, Split::train, 1, "another");
    for (std::uint64_t i = 0; i < 100; ++i) {
        same_seed += stream(Split::train, 2)[i] == in_order[i] ? 1 : 0;
        same_purpose += other[i] == in_order[i] ? 1 : 0;
    }
    EXPECT_LT(same_seed, 10);
    EXPECT_LT(same_purpose, 10);
}

TEST(EpisodeStream, OneClassIsTooFew) {
    EXPECT_THAT(
        [] {
            EpisodeStream(classes_of_sizes({4}, {2, 2}), Split::train, 1, "p");
        },
        ThrowsMessage<UsageError>(HasSubstr("made up: has 1 class for training, an episode needs two")));
    EXPECT_THAT([] { EpisodeStream(images, Split::validation, 1, "p"); },
                ThrowsMessage<UsageError>(HasSubstr("has 0 classes for validation")));
}

TEST(FixedProblem, FollowsTheListsOfImages) {
    const ImageSet set = classes_of_sizes({10, 12}, {5, 3});
    const std::vector<Episode> episodes = fixed_problem(set, 6);
    ASSERT_EQ(episodes.size(), 6U);
    // Training images 0-9 and 10-21; test images 22-26 and 27-29. The fourth query is number 5 of the list.
    EXPECT_THAT(episodes[0].images, testing::ElementsAre(0, 10, 22));
    EXPECT_THAT(episodes[2].images, testing::ElementsAre(2, 12, 24));
    EXPECT_THAT(episodes[3].images, testing::ElementsAre(5, 15, 27));
    EXPECT_THAT(episodes[5].images, testing::ElementsAre(7, 17, 29));
    for (std::size_t i = 0; i < 6; ++i) {
        EXPECT_EQ(episodes[i].target, i < 3 ? -1 : 1);
        EXPECT_THAT(episodes[i].labels,
                    testing::ElementsAre(ShownLabel::zero, ShownLabel::one, ShownLabel::unknown));
    }
    EXPECT_THAT([&] { fixed_problem(set, 8); }, ThrowsMessage<UsageError>(HasSubstr("choose at most 6")));
    EXPECT_THAT(
        [&] {
            fixed_problem(classes_of_sizes({7, 12}, {5, 3}), 6);
        },
        ThrowsMessage<UsageError>(HasSubstr("test image 7 needs training image 7 of either class")));
    EXPECT_THAT([&] { fixed_problem(images, 2); },
                ThrowsMessage<UsageError>(HasSubstr("a fixed problem is of two")));
}

}  // namespace
}  // namespace attnpaths
