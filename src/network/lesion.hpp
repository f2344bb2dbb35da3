#pragma once

#include "network/architecture.hpp"

#include <vector>

namespace attnpaths {

/// Which heads of a network are taken out, [sum H_l]: layer by layer, as head scores are.
using Lesion = std::vector<bool>;

/// A head by its layer and its place there, both counted from 0.
struct HeadPlace {
    std::size_t layer;
    Index head;

    friend bool operator==(const HeadPlace&, const HeadPlace&) = default;
};

/// Place of a head among those of all layers, and back.
HeadPlace head_place(Index number, const std::vector<Index>& heads);
Index head_number(HeadPlace place, const std::vector<Index>& heads);

/// The lesion without these heads of all layers.
Lesion lesion_of(const std::vector<Index>& numbers, const std::vector<Index>& heads);

/// Heads that a lesion leaves in every layer.
std::vector<Index> heads_left(const Lesion& lesion, const std::vector<Index>& heads);

/// Paths of the whole network that avoid every head taken out, ascending: in the order in which the network
/// of the heads left numbers them.
std::vector<Index> paths_left(const Lesion& lesion, const std::vector<Index>& heads);

}  // namespace attnpaths
