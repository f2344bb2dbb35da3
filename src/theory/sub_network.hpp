#pragma once

#include "network/architecture.hpp"

#include <string>
#include <vector>

namespace attnpaths {

/// A smaller network made of some paths of the full one, e.g. the "good" path of the paper's figure 2.
struct SubNetwork {
    std::string name;
    std::vector<Index> paths;  ///< ascending, of the full network
};

/// Columns of the chosen paths out of xi [P, N0 n]: the path features of the smaller network, [P, N0 *
/// paths.size()].
Matrix select_paths(const Matrix& features, Index all_paths, const std::vector<Index>& paths);

/// Reads "NAME=1.1,2.1": heads counted from 1, layer 1 first, as in path_label.
/// @throws UsageError naming `where` if a path is not one of the network with these heads
SubNetwork parse_sub_network(const std::string& text, const std::vector<Index>& heads,
                             const std::string& where);

}  // namespace attnpaths
