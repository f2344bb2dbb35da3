#pragma once

#include "network/lesion.hpp"
#include "tasks/one_shot/episode_tokens.hpp"
#include "training/network_file.hpp"

#include <span>

namespace attnpaths {

/// Outputs of a network by path. The values are linear, so f = sum over paths pi of f_pi with f_pi = w^pi .
/// xi_pi (effective_network.hpp), and what a network without some heads answers is a sum over fewer paths.
/// @returns [episodes, n]
Matrix path_outputs(const TrainedNetwork& network, const EpisodeTokens& tokens,
                    std::span<const Episode> episodes);

/// Outputs without some heads and without training again: the paths that are left, times sqrt(H_l / (H_l -
/// d_l)) for every layer that lost d_l heads, as its sum is then divided by the root of the heads left.
/// @param outputs  by path, [episodes, n]
/// @returns [episodes]
Vector lesioned_outputs(const Matrix& outputs, const std::vector<Index>& heads, const Lesion& lesion);

/// The network of the heads that are left, every weight as it was.
TrainedNetwork without_heads(const TrainedNetwork& network, const Lesion& lesion);

}  // namespace attnpaths
