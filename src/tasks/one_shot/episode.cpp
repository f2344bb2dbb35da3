#include "tasks/one_shot/episode.hpp"

#include "base/error.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace attnpaths {

namespace {

/// Uniform on 0, ..., count - 1; exact to 2^-32 count.
std::uint32_t uniform_below(RandomStream& stream, Index count) {
    return static_cast<std::uint32_t>(((stream.bits() >> 32U) * static_cast<std::uint64_t>(count)) >> 32U);
}

/// Uniform on 0, ..., count - 1 without `taken`.
std::uint32_t uniform_below_except(RandomStream& stream, Index count, std::uint32_t taken) {
    const std::uint32_t number = uniform_below(stream, count - 1);
    return number < taken ? number : number + 1;
}

constexpr ShownLabel shown(bool one) {
    return one ? ShownLabel::one : ShownLabel::zero;
}

}  // namespace

EpisodeStream::EpisodeStream(const ImageSet& images, Split split, std::uint64_t seed, std::string purpose)
    : classes_(images.classes_of(split)), seed_(seed), purpose_(std::move(purpose)) {
    if (classes_.size() < 2)
        throw UsageError(
            fmt::format("{}: has {} class{} for {}, an episode needs two; give images of more classes",
                        images.name, classes_.size(), classes_.size() == 1 ? "" : "es",
                        split == Split::train ? "training" : split_name(split)));
}

Episode EpisodeStream::operator[](std::uint64_t index) const {
    RandomStream stream(seed_, purpose_, index);
    const auto count = static_cast<Index>(classes_.size());
    const std::uint32_t first = uniform_below(stream, count);
    const std::uint32_t second = uniform_below_except(stream, count, first);
    const std::uint64_t coins = stream.bits();
    const bool first_comes_first = (coins >> 63U) != 0;
    const bool first_has_one = ((coins >> 62U) & 1U) != 0;
    const bool query_has_one = index % 2 == 0;
    const bool query_is_first = query_has_one == first_has_one;

    std::array<std::uint32_t, 2> number{};
    std::array<std::int32_t, 2> context{};
    for (const std::size_t i : {0U, 1U}) {
        const ImageClass& own = classes_[i == 0 ? first : second];
        number[i] = uniform_below(stream, own.count);
        context[i] = static_cast<std::int32_t>(own.first + number[i]);
    }
    const ImageClass& asked = classes_[query_is_first ? first : second];
    const std::uint32_t query = uniform_below_except(stream, asked.count, number[query_is_first ? 0 : 1]);

    Episode episode;
    episode.images = {context[first_comes_first ? 0 : 1], context[first_comes_first ? 1 : 0],
                      static_cast<std::int32_t>(asked.first + query)};
    episode.labels = {shown(first_has_one == first_comes_first), shown(first_has_one != first_comes_first),
                      ShownLabel::unknown};
    episode.target = query_has_one ? 1 : -1;
    return episode;
}

std::vector<Episode> fixed_problem(const ImageSet& images, Index count) {
    const std::vector<ImageClass> context = images.classes_of(Split::train);
    const std::vector<ImageClass> queries = images.classes_of(Split::test);
    if (context.size() != 2 || queries.size() != 2)
        throw UsageError(fmt::format("{}: has {} training and {} test classes; a fixed problem is of two",
                                     images.name, context.size(), queries.size()));
    const Index most = 2 * std::min(queries[0].count, queries[1].count);
    if (count > most)
        throw UsageError(
            fmt::format("{}: {} test examples were asked for, half of each class; choose at most {}",
                        images.name, count, most));
    std::vector<Episode> episodes;
    for (const std::size_t asked : {0U, 1U}) {
        for (Index number = 0; number < count / 2; ++number) {
            const Index place = number + (asked == 0 ? 0 : queries[0].count);
            if (place >= context[0].count || place >= context[1].count)
                throw UsageError(
                    fmt::format("{}: test image {} needs training image {} of either class, there are {} and "
                                "{}; choose fewer "
                                "test examples",
                                images.name, place, place, context[0].count, context[1].count));
            Episode episode;
            episode.images = {static_cast<std::int32_t>(context[0].first + place),
                              static_cast<std::int32_t>(context[1].first + place),
                              static_cast<std::int32_t>(queries[asked].first + number)};
            episode.labels = {ShownLabel::zero, ShownLabel::one, ShownLabel::unknown};
            episode.target = asked == 1 ? 1 : -1;
            episodes.push_back(episode);
        }
    }
    return episodes;
}

}  // namespace attnpaths
