#include "network/lesion.hpp"

#include <gmock/gmock.h>

namespace attnpaths {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::vector<Index> heads = {2, 3};

TEST(Lesion, NumbersHeadsLayerByLayer) {
    EXPECT_EQ(head_place(0, heads), (HeadPlace{0, 0}));
    EXPECT_EQ(head_place(1, heads), (HeadPlace{0, 1}));
    EXPECT_EQ(head_place(2, heads), (HeadPlace{1, 0}));
    for (Index number = 0; number < 5; ++number)
        EXPECT_EQ(head_number(head_place(number, heads), heads), number);
}

TEST(Lesion, LeavesPathsThatAvoidEveryHeadTakenOut) {
    EXPECT_THAT(paths_left(lesion_of({}, heads), heads), ElementsAre(0, 1, 2, 3, 4, 5));
    EXPECT_THAT(paths_left(lesion_of({0}, heads), heads), ElementsAre(3, 4, 5));
    EXPECT_THAT(paths_left(lesion_of({3, 0}, heads), heads), ElementsAre(3, 5));
    EXPECT_THAT(paths_left(lesion_of({0, 1}, heads), heads), IsEmpty());
    EXPECT_THAT(heads_left(lesion_of({3, 0}, heads), heads), ElementsAre(1, 2));
}

TEST(Lesion, PathsLeftAreThoseOfTheSmallerNetworkInItsOrder) {
    const std::vector<Index> whole = {3, 2, 4};
    const Lesion lesion = lesion_of({1, 3, 5, 8}, whole);
    const std::vector<Index> left = heads_left(lesion, whole);
    const std::vector<Index> paths = paths_left(lesion, whole);
    ASSERT_EQ(static_cast<Index>(paths.size()), path_count(left));
    for (Index path = 0; path < path_count(left); ++path) {
        const std::vector<Index> through = path_heads(paths[static_cast<std::size_t>(path)], whole);
        std::vector<Index> renumbered;
        for (std::size_t layer = 0; layer < whole.size(); ++layer) {
            Index rank = 0;
            for (Index head = 0; head < through[layer]; ++head)
                rank += lesion[static_cast<std::size_t>(head_number({layer, head}, whole))] ? 0 : 1;
            renumbered.push_back(rank);
        }
        EXPECT_EQ(path_index(renumbered, left), path);
    }
}

}  // namespace
}  // namespace attnpaths
