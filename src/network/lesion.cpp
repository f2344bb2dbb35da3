#include "network/lesion.hpp"

#include <numeric>

namespace attnpaths {

HeadPlace head_place(Index number, const std::vector<Index>& heads) {
    HeadPlace place{0, number};
    while (place.head >= heads[place.layer]) place.head -= heads[place.layer++];
    return place;
}

Index head_number(HeadPlace place, const std::vector<Index>& heads) {
    return std::accumulate(heads.begin(), heads.begin() + static_cast<std::ptrdiff_t>(place.layer),
                           place.head);
}

Lesion lesion_of(const std::vector<Index>& numbers, const std::vector<Index>& heads) {
    Lesion lesion(static_cast<std::size_t>(std::accumulate(heads.begin(), heads.end(), Index{0})), false);
    for (const Index number : numbers) lesion[static_cast<std::size_t>(number)] = true;
    return lesion;
}

std::vector<Index> heads_left(const Lesion& lesion, const std::vector<Index>& heads) {
    std::vector<Index> left = heads;
    for (std::size_t number = 0; number < lesion.size(); ++number)
        if (lesion[number]) --left[head_place(static_cast<Index>(number), heads).layer];
    return left;
}

std::vector<Index> paths_left(const Lesion& lesion, const std::vector<Index>& heads) {
    std::vector<Index> left;
    for (Index path = 0; path < path_count(heads); ++path) {
        const std::vector<Index> through = path_heads(path, heads);
        bool whole = true;
        for (std::size_t layer = 0; layer < heads.size(); ++layer)
            whole = whole && !lesion[static_cast<std::size_t>(head_number({layer, through[layer]}, heads))];
        if (whole) left.push_back(path);
    }
    return left;
}

}  // namespace attnpaths
